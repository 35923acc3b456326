package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * A snapshot of the source: its name for ever and what it shows. Travels with every row of it, so that the target's
 * ledger alone can tell a later start which changes the copied tables hold already.
 *
 * @param id random, never the server's exported name, which servers use again
 * @param visible {@code pg_current_snapshot()} as {@code xmin:xmax:xip,...}
 * @param boundary the WAL insert position asked right after it; of two snapshots the later has the greater one
 * @param time microseconds since 2000-01-01 00:00 UTC
 */
public record Snapshot(String id, String visible, Lsn boundary, long time) implements Serializable {
    public Snapshot {
        Objects.requireNonNull(id, "id is null");
        Objects.requireNonNull(visible, "visible is null");
        Objects.requireNonNull(boundary, "boundary is null");
    }

    /** True when this one was taken later. WAL positions only grow; at one position the time tells. */
    public boolean isAfter(Snapshot other) {
        int byBoundary = boundary.compareTo(other.boundary);
        return byBoundary > 0 || (byBoundary == 0 && time > other.time);
    }
}
