package io.sluice.postgres.apply.stage;

import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.RowCursor;
import java.sql.SQLException;

/**
 * Rows of one table that are applied together, in {@link io.sluice.postgres.apply.unit.StagingLayout}.
 *
 * <p>Not thread-safe.
 */
public sealed interface Segment permits KeyFold, PlainRows {
    /** Takes the row that the cursor stands on. */
    void add(RowCursor row);

    /** Number of rows that would be staged. */
    int rows();

    /** Bytes that would be staged. */
    long bytes();

    /** Bytes of memory held. */
    long memory();

    /** What {@link #rows} rows are. */
    Step.Counts counts();

    /** All rows, without COPY's header and trailer. */
    void writeTo(RowSink sink) throws SQLException;
}
