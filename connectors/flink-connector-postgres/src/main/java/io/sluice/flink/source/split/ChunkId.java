package io.sluice.flink.source.split;

import io.sluice.postgres.change.TableName;
import java.io.Serializable;
import java.util.Objects;

/** A chunk of a table under one snapshot: the same number under another snapshot is another chunk. */
public record ChunkId(String snapshot, TableName table, int index) implements Serializable {
    public ChunkId {
        Objects.requireNonNull(snapshot, "snapshot is null");
        Objects.requireNonNull(table, "table is null");
    }

    @Override
    public String toString() {
        return snapshot + "/" + table + "/" + index;
    }
}
