package io.sluice.postgres.change;

import java.util.Arrays;

/**
 * Packs rows of one table and bucket into a {@link RowBatch}; copies byte ranges, allocates nothing per row.
 *
 * <p>Not thread-safe.
 */
public final class RowBatchBuilder {
    private static final int FIRST_CAPACITY = 1 << 12;

    private final TableSchema schema;
    private final int bucket;
    private final ValueFormat format;
    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;
    private int rows;

    public RowBatchBuilder(TableSchema schema, int bucket, ValueFormat format) {
        this.schema = schema;
        this.bucket = bucket;
        this.format = format;
    }

    /**
     * @param commitTime microseconds since 2000-01-01 00:00 UTC
     * @throws IllegalArgumentException when the tuple is not as wide as the table
     */
    public void add(ChangePosition position, long commitTime, ChangeKind kind, Tuple tuple) {
        if (tuple.width() != schema.width()) {
            throw new IllegalArgumentException(
                    "a row of " + tuple.width() + " fields for " + schema + ", which has " + schema.width());
        }
        int tupleLength = 2 + 4 * tuple.width();
        for (int i = 0; i < tuple.width(); i++) {
            tupleLength = Math.addExact(tupleLength, Math.max(0, tuple.length(i)));
        }
        reserve(Math.addExact(RowFormat.HEADER_LENGTH, tupleLength));
        int at = length;
        BigEndian.putLong(bytes, at + RowFormat.LSN_OFFSET, position.lsn().value());
        BigEndian.putLong(bytes, at + RowFormat.ORDINAL_OFFSET, position.ordinal());
        BigEndian.putLong(bytes, at + RowFormat.COMMIT_TIME_OFFSET, commitTime);
        bytes[at + RowFormat.KIND_OFFSET] = kind.code();
        BigEndian.putInt(bytes, at + RowFormat.TUPLE_LENGTH_OFFSET, tupleLength);
        at += RowFormat.HEADER_LENGTH;
        BigEndian.putShort(bytes, at, tuple.width());
        at += 2;
        for (int i = 0; i < tuple.width(); i++) {
            int fieldLength = tuple.length(i);
            BigEndian.putInt(bytes, at, fieldLength);
            at += 4;
            if (fieldLength > 0) {
                System.arraycopy(tuple.bytes(), tuple.offset(i), bytes, at, fieldLength);
                at += fieldLength;
            }
        }
        length = at;
        rows++;
    }

    public boolean isEmpty() {
        return rows == 0;
    }

    public int length() {
        return length;
    }

    /** The rows so far; the builder starts anew. */
    public RowBatch build() {
        RowBatch batch = new RowBatch(schema, bucket, format, bytes, length, rows);
        bytes = new byte[FIRST_CAPACITY];
        length = 0;
        rows = 0;
        return batch;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
        }
    }
}
