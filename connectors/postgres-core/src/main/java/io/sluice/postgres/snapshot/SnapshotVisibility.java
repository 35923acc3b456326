package io.sluice.postgres.snapshot;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Snapshot;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Which transactions a snapshot of the primary shows: {@code pg_current_snapshot()} as {@code xmin:xmax:xip,...},
 * and the WAL insert position asked right after it. Not for standbys, whose snapshots do not list what runs (RULES F1).
 *
 * @param running xids between xmin and xmax that the snapshot does not show, sorted
 * @param boundary changes that commit at or above it cannot be in the snapshot (RULES S9: the insert position, as an
 *     asynchronous commit is visible before it is written)
 */
public record SnapshotVisibility(long xmin, long xmax, List<Long> running, Lsn boundary) implements Serializable {
    public SnapshotVisibility {
        running = running.stream().sorted().toList();
    }

    /** What the snapshot shows. */
    public static SnapshotVisibility of(Snapshot snapshot) {
        return parse(snapshot.visible(), snapshot.boundary());
    }

    /** @throws IllegalArgumentException when the text is not {@code xmin:xmax:xip,...} */
    public static SnapshotVisibility parse(String snapshot, Lsn boundary) {
        String[] parts = snapshot.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a snapshot: \"" + snapshot + "\"; expected xmin:xmax:xip,...");
        }
        List<Long> running = parts[2].isEmpty()
                ? List.of()
                : Arrays.stream(parts[2].split(",")).map(Long::valueOf).toList();
        return new SnapshotVisibility(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running, boundary);
    }

    /**
     * True when the snapshot holds the changes of this transaction, so that the stream's copies are to be dropped.
     *
     * @param xid 32 bits of the top-level transaction, as decoding plugins send it
     */
    public boolean holds(long xid, Lsn commitLsn) {
        return commitLsn.isBefore(boundary) && visible(widen(xid));
    }

    private boolean visible(long xid) {
        return xid < xmin || xid < xmax && java.util.Collections.binarySearch(running, xid) < 0;
    }

    /** The 64-bit xid whose low half this is and that lies within 2^31 of xmax (RULES M10). */
    private long widen(long xid) {
        return xmax + (int) (xid - xmax);
    }
}
