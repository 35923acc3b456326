package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * Which part of a table's snapshot: chunk {@code index} of {@code count} under one snapshot.
 *
 * @param snapshotId names the snapshot for ever, on all servers: a random id, not the server's exported name
 * @param time of the snapshot, microseconds since 2000-01-01 00:00 UTC
 */
public record SnapshotChunk(String snapshotId, int index, int count, long time) implements Serializable {
    public SnapshotChunk {
        Objects.requireNonNull(snapshotId, "snapshotId is null");
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("chunk " + index + " of " + count);
        }
    }
}
