package io.sluice.postgres.apply.write;

/**
 * What a writer has done since it was opened.
 *
 * @param changes rows of the stream that came in
 * @param staged rows that went into staging tables or units; changes of one key fold into one
 * @param stagedBytes bytes of them
 * @param copied rows of snapshots that went straight into their tables
 * @param copiedBytes bytes that came in for them
 * @param flushes segments that were closed
 */
public record WriterStats(long changes, long staged, long stagedBytes, long copied, long copiedBytes, long flushes) {
    static final WriterStats NONE = new WriterStats(0, 0, 0, 0, 0, 0);

    /** Changes that a later one of the same key replaced before they were staged; counts those still held, too. */
    public long folded() {
        return changes - staged;
    }

    WriterStats changes(int rows) {
        return new WriterStats(changes + rows, staged, stagedBytes, copied, copiedBytes, flushes);
    }

    WriterStats staged(int rows, long bytes) {
        return new WriterStats(changes, staged + rows, stagedBytes + bytes, copied, copiedBytes, flushes + 1);
    }

    WriterStats copied(int rows, long bytes) {
        return new WriterStats(changes, staged, stagedBytes, copied + rows, copiedBytes + bytes, flushes);
    }
}
