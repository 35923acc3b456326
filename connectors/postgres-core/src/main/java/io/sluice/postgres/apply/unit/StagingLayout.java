package io.sluice.postgres.apply.unit;

/**
 * The columns of staged rows, in staging tables and in committables alike; written by COPY (FORMAT binary).
 *
 * <pre>
 * s_segment    int4         number of the flush within the unit
 * s_op         "char"       {@link #INSERT}, {@link #UPDATE}, {@link #DELETE} or {@link #MOVED}
 * s_lsn        pg_lsn       position of the row's last change (RULES F3)
 * s_ordinal    int8
 * s_time       timestamptz  when the source committed it
 * s_unchanged  bytea        null, or a bit for each column: get_bit(s_unchanged, i) = 1 when column i did not change
 * c0, c1, ...               the table's columns: of the target column's type, or text when the values are TEXT
 * </pre>
 */
public final class StagingLayout {
    public static final int HEADER_COLUMNS = 6;

    /** The first change of this key that the writer saw in the segment was its INSERT, the last one left it there. */
    public static final byte INSERT = 'I';
    /** The row was there before the segment and is there after it. */
    public static final byte UPDATE = 'U';
    /** The row is gone; which delete mode holds is the merge's business. */
    public static final byte DELETE = 'D';
    /** The row has another key now: always a physical delete. */
    public static final byte MOVED = 'M';

    private StagingLayout() {}
}
