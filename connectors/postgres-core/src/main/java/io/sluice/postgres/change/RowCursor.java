package io.sluice.postgres.change;

/**
 * Walks over the rows of a {@link RowBatch} without making an object for any of them.
 *
 * <p>Not thread-safe. The tuple is overwritten by {@link #next}.
 */
public final class RowCursor {
    private final RowBatch batch;
    private final Tuple tuple = new Tuple();
    private int start;
    private int next;

    public RowCursor(RowBatch batch) {
        this.batch = batch;
    }

    /** @throws IllegalStateException when the bytes are not rows as {@link RowFormat} describes them */
    public boolean next() {
        start = next;
        if (start == batch.length()) {
            return false;
        }
        byte[] bytes = batch.bytes();
        int at = start + RowFormat.HEADER_LENGTH;
        if (at + 2 > batch.length()) {
            throw malformed();
        }
        int end = at + BigEndian.getInt(bytes, start + RowFormat.TUPLE_LENGTH_OFFSET);
        int width = BigEndian.getShort(bytes, at);
        if (end > batch.length() || width != batch.schema().width()) {
            throw malformed();
        }
        at += 2;
        tuple.reset(bytes, width);
        for (int i = 0; i < width; i++) {
            int length = BigEndian.getInt(bytes, at);
            at += 4;
            tuple.value(i, at, length);
            at += Math.max(length, 0);
        }
        if (at != end) {
            throw malformed();
        }
        next = end;
        return true;
    }

    public Tuple tuple() {
        return tuple;
    }

    public ChangeKind kind() {
        return ChangeKind.of(batch.bytes()[start + RowFormat.KIND_OFFSET]);
    }

    public long lsn() {
        return BigEndian.getLong(batch.bytes(), start + RowFormat.LSN_OFFSET);
    }

    public long ordinal() {
        return BigEndian.getLong(batch.bytes(), start + RowFormat.ORDINAL_OFFSET);
    }

    public ChangePosition position() {
        return new ChangePosition(new Lsn(lsn()), ordinal());
    }

    /** Microseconds since 2000-01-01 00:00 UTC. */
    public long commitTime() {
        return BigEndian.getLong(batch.bytes(), start + RowFormat.COMMIT_TIME_OFFSET);
    }

    private IllegalStateException malformed() {
        return new IllegalStateException("batch of " + batch.schema().name() + " is malformed at byte " + start);
    }
}
