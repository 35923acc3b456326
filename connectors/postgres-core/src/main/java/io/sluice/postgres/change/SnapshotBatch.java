package io.sluice.postgres.change;

import java.util.Objects;

/**
 * Rows of a table's snapshot, exactly as COPY TO STDOUT sent them, without COPY binary's header and trailer. The
 * rows of a chunk have the same order in every reading under one snapshot, so their numbers tell which of them the
 * target has (RULES S6).
 */
public record SnapshotBatch(TableSchema schema, int bucket, SnapshotChunk chunk, Rows rows) implements ChangeBatch {

    /**
     * @param bytes rows from index 0; only the first {@code length} bytes count
     * @param first number of the first row in its chunk, from 0
     * @param count number of rows; 0 only in a last batch
     * @param last true when no row of the chunk follows
     */
    public record Rows(ValueFormat format, byte[] bytes, int length, long first, int count, boolean last) {
        public Rows {
            Objects.requireNonNull(format, "format is null");
            if (length < 0 || length > bytes.length || count < 0 || first < 0) {
                throw new IllegalArgumentException("not a batch: " + length + " bytes, " + count + " rows");
            }
        }
    }

    public SnapshotBatch {
        Objects.requireNonNull(schema, "schema is null");
        Objects.requireNonNull(chunk, "chunk is null");
    }
}
