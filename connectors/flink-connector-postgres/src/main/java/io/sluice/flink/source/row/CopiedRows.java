package io.sluice.flink.source.row;

import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;

/**
 * Walks over rows as COPY TO STDOUT sends them, in either format (manual, COPY, "File Formats").
 *
 * <p>Not thread-safe. The tuple is overwritten by {@link #next}.
 */
final class CopiedRows {
    private final SnapshotBatch.Rows rows;
    private final int width;
    private final Tuple tuple = new Tuple();
    private byte[] unescaped = new byte[0];
    private int at;
    private int row;

    CopiedRows(SnapshotBatch.Rows rows, int width) {
        this.rows = rows;
        this.width = width;
    }

    Tuple tuple() {
        return tuple;
    }

    /** @throws IllegalStateException when the bytes are not rows of that width */
    boolean next() {
        if (row == rows.count()) {
            if (at != rows.length()) {
                throw malformed();
            }
            return false;
        }
        if (rows.format() == ValueFormat.BINARY) {
            binary();
        } else {
            text();
        }
        row++;
        return true;
    }

    private void binary() {
        byte[] bytes = rows.bytes();
        if (at + 2 > rows.length() || BigEndian.getShort(bytes, at) != width) {
            throw malformed();
        }
        at += 2;
        tuple.reset(bytes, width);
        for (int i = 0; i < width; i++) {
            if (at + 4 > rows.length()) {
                throw malformed();
            }
            int length = BigEndian.getInt(bytes, at);
            at += 4;
            if (length < -1 || length > rows.length() - at) {
                throw malformed();
            }
            tuple.value(i, at, length);
            at += Math.max(length, 0);
        }
    }

    private void text() {
        byte[] bytes = rows.bytes();
        int end = at;
        while (end < rows.length() && bytes[end] != '\n') {
            end++;
        }
        if (end == rows.length()) {
            throw malformed();
        }
        if (unescaped.length < end - at) {
            unescaped = new byte[2 * (end - at)];
        }
        tuple.reset(unescaped, width);
        int to = 0;
        for (int i = 0; i < width; i++) {
            int from = to;
            if (at + 1 < end + 1 && bytes[at] == '\\' && bytes[at + 1] == 'N') {
                tuple.setNull(i);
                at += 2;
            } else {
                while (at < end && bytes[at] != '\t') {
                    byte next = bytes[at++];
                    unescaped[to++] = next == '\\' ? escaped(bytes[at++]) : next;
                }
                tuple.value(i, from, to - from);
            }
            boolean last = i == width - 1;
            if (bytes[at++] != (last ? '\n' : '\t')) {
                throw malformed();
            }
        }
    }

    private static byte escaped(byte code) {
        return switch (code) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> code;
        };
    }

    private IllegalStateException malformed() {
        return new IllegalStateException("copied row " + (rows.first() + row) + " of " + width
                + " columns is malformed near byte " + at + " of its piece");
    }
}
