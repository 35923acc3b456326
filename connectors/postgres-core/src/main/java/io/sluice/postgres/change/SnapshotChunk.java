package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/** Which part of a table: chunk {@code index} of {@code count} under one snapshot. */
public record SnapshotChunk(Snapshot snapshot, int index, int count) implements Serializable {
    public SnapshotChunk {
        Objects.requireNonNull(snapshot, "snapshot is null");
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("chunk " + index + " of " + count);
        }
    }
}
