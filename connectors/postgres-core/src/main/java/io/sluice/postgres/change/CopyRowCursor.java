package io.sluice.postgres.change;

/**
 * Walks over a snapshot's rows as COPY sent them, without making an object for any of them.
 *
 * <p>Not thread-safe. The tuple is overwritten by {@link #next}.
 */
public final class CopyRowCursor {
    private final TableSchema schema;
    private final SnapshotBatch.Rows rows;
    private final Tuple tuple = new Tuple();
    private byte[] text = new byte[0];
    private int start;
    private int next;

    public CopyRowCursor(TableSchema schema, SnapshotBatch.Rows rows) {
        this.schema = schema;
        this.rows = rows;
    }

    /** @throws IllegalStateException when the bytes are not rows of COPY with the table's number of fields */
    public boolean next() {
        start = next;
        if (start == rows.length()) {
            return false;
        }
        if (rows.format() == ValueFormat.BINARY) {
            readBinary();
        } else {
            readText();
        }
        return true;
    }

    /** Moves on by one row without reading its fields; false when there is none. */
    public boolean skip() {
        start = next;
        if (start == rows.length()) {
            return false;
        }
        next = rows.format() == ValueFormat.BINARY ? endOfBinary(start) : endOfLine(start) + 1;
        return true;
    }

    /** The row's fields; TEXT values without the escapes of COPY. */
    public Tuple tuple() {
        return tuple;
    }

    /** Where the row starts in {@link SnapshotBatch.Rows#bytes}. */
    public int start() {
        return start;
    }

    /** Where the row ends: the next one's start. */
    public int end() {
        return next;
    }

    private int endOfBinary(int from) {
        byte[] bytes = rows.bytes();
        int end = rows.length();
        int at = from + 2;
        if (at > end || BigEndian.getShort(bytes, from) != schema.width()) {
            throw malformed();
        }
        for (int i = 0; i < schema.width(); i++) {
            if (at + 4 > end) {
                throw malformed();
            }
            at += 4 + Math.max(0, BigEndian.getInt(bytes, at));
        }
        if (at > end) {
            throw malformed();
        }
        return at;
    }

    private void readBinary() {
        next = endOfBinary(start);
        byte[] bytes = rows.bytes();
        tuple.reset(bytes, schema.width());
        int at = start + 2;
        for (int i = 0; i < schema.width(); i++) {
            int length = BigEndian.getInt(bytes, at);
            at += 4;
            tuple.value(i, at, length);
            at += Math.max(0, length);
        }
    }

    /** COPY writes a newline inside a value as an escape, so a bare one always ends a row. */
    private int endOfLine(int from) {
        byte[] bytes = rows.bytes();
        for (int i = from; i < rows.length(); i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        throw malformed();
    }

    private void readText() {
        int end = endOfLine(start);
        byte[] bytes = rows.bytes();
        if (text.length < end - start) {
            text = new byte[Math.max(end - start, 2 * text.length)];
        }
        tuple.reset(text, schema.width());
        int to = 0;
        int at = start;
        for (int i = 0; i < schema.width(); i++) {
            int from = to;
            boolean isNull = at + 2 <= end && bytes[at] == '\\' && bytes[at + 1] == 'N';
            at += isNull ? 2 : 0;
            while (at < end && bytes[at] != '\t') {
                if (isNull) {
                    throw malformed();
                }
                if (bytes[at] == '\\') {
                    at++;
                    text[to++] = unescape(bytes[at]);
                } else {
                    text[to++] = bytes[at];
                }
                at++;
            }
            tuple.value(i, from, isNull ? RowFormat.NULL : to - from);
            boolean more = i < schema.width() - 1;
            if (more == (at == end)) {
                throw malformed();
            }
            at++;
        }
        next = end + 1;
    }

    private static byte unescape(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> letter;
        };
    }

    private IllegalStateException malformed() {
        return new IllegalStateException("snapshot rows of " + schema.name() + " are malformed at byte " + start);
    }
}
