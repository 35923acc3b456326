package io.sluice.bench;

import java.sql.SQLException;

/** A way to bring the table to a target. Its methods are called in the order in which they stand here. */
interface Contender extends AutoCloseable {
    String name();

    /** What may be there before the clock runs, in a fresh database of the target. */
    void prepare(String targetDatabase) throws SQLException;

    /** Begins to copy and then to follow; returns at once. */
    void start() throws Exception;

    /** True when the target has all rows that were there at the start, and its key. */
    boolean copied() throws Exception;

    /** Stops following, with all that was read committed; the changes that come now wait in the source's log. */
    void pause() throws Exception;

    /** Goes on following; returns at once. */
    void resume() throws Exception;

    /** Ends it and gives back what it holds on the source. */
    @Override
    void close() throws SQLException;
}
