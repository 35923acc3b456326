package io.sluice.postgres.change;

import java.util.Objects;

/**
 * Changes of one table and bucket, in order, as {@link RowFormat} lays them out. Immutable by contract: nobody
 * writes to {@link #bytes} once the batch is made, so it is handed over and never copied.
 *
 * @param bytes rows from index 0; only the first {@code length} bytes count
 * @param rows number of rows in them, at least 1
 */
public record RowBatch(TableSchema schema, int bucket, ValueFormat format, byte[] bytes, int length, int rows)
        implements ChangeBatch {
    public RowBatch {
        Objects.requireNonNull(schema, "schema is null");
        Objects.requireNonNull(format, "format is null");
        if (length < 0 || length > bytes.length || rows < 1) {
            throw new IllegalArgumentException("not a batch: " + length + " bytes, " + rows + " rows");
        }
    }
}
