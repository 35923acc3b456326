package io.sluice.postgres.change;

/**
 * The layout of rows in a {@link RowBatch}, all numbers big-endian:
 *
 * <pre>
 * int64  commit LSN
 * int64  ordinal in the transaction
 * int64  commit time, microseconds since 2000-01-01 00:00 UTC
 * int8   {@link ChangeKind#code()}
 * int32  length of the tuple that follows, in bytes
 * tuple  int16 number of fields, then for each: int32 length, or NULL or UNCHANGED, and that many bytes
 * </pre>
 *
 * The tuple of a BINARY row without UNCHANGED fields is a row of COPY (FORMAT binary) as it stands.
 */
public final class RowFormat {
    /** Field length of an SQL NULL, as in COPY binary. */
    public static final int NULL = -1;
    /** Field length of a value that the change did not touch and PostgreSQL did not send (unchanged TOAST). */
    public static final int UNCHANGED = -2;

    public static final int LSN_OFFSET = 0;
    public static final int ORDINAL_OFFSET = 8;
    public static final int COMMIT_TIME_OFFSET = 16;
    public static final int KIND_OFFSET = 24;
    public static final int TUPLE_LENGTH_OFFSET = 25;
    public static final int HEADER_LENGTH = 29;

    private RowFormat() {}
}
