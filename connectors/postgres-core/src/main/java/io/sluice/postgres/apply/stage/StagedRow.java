package io.sluice.postgres.apply.stage;

import io.sluice.postgres.apply.unit.StagingLayout;
import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.RowFormat;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of {@link StagingLayout} as COPY (FORMAT binary) takes them, so that a full buffer goes to the server as
 * it lies in memory. First {@link #measure}, then {@link #write}.
 *
 * <p>Not thread-safe.
 */
final class StagedRow {
    private static final int SEGMENT = 2;
    private static final int OP = 10;
    private static final int LSN = 15;
    private static final int ORDINAL = 27;
    private static final int TIME = 39;
    private static final int UNCHANGED = 51;
    private static final int FIELDS = 55;

    private final TableSchema schema;
    private final int segment;
    private final boolean[] inKey;
    private final int lastKeyColumn;
    private final int bitmapLength;

    private Tuple row = new Tuple();
    private @Nullable Tuple base;
    private byte op;
    private boolean incomplete;
    private int length;

    StagedRow(TableSchema schema, int segment) {
        this.schema = schema;
        this.segment = segment;
        this.bitmapLength = (schema.width() + 7) / 8;
        this.inKey = new boolean[schema.width()];
        int last = -1;
        for (int i = 0; i < schema.keyWidth(); i++) {
            inKey[schema.keyColumn(i)] = true;
            last = Math.max(last, schema.keyColumn(i));
        }
        this.lastKeyColumn = last;
    }

    /**
     * Length of the row in bytes.
     *
     * @param op of {@link StagingLayout}; of a row that is gone only the key is staged
     * @param base gives the values that {@code row} has not; null when nothing is known of them
     */
    int measure(byte op, Tuple row, @Nullable Tuple base) {
        this.op = op;
        this.row = row;
        this.base = base;
        boolean keyOnly = keyOnly();
        long bytes = FIELDS + 4L * row.width();
        incomplete = false;
        for (int i = 0; i < row.width(); i++) {
            if (keyOnly && !inKey[i]) {
                continue;
            }
            int size = source(i).length(i);
            if (size > 0) {
                bytes += size;
            } else if (size == RowFormat.UNCHANGED) {
                incomplete = true;
            }
        }
        if (incomplete) {
            bytes += bitmapLength;
        }
        length = Math.toIntExact(bytes);
        return length;
    }

    /** Writes what was measured to {@code to[at..]}; the base must not lie there. */
    void write(byte[] to, int at, long lsn, long ordinal, long time) {
        BigEndian.putShort(to, at, StagingLayout.HEADER_COLUMNS + row.width());
        BigEndian.putInt(to, at + SEGMENT, 4);
        BigEndian.putInt(to, at + SEGMENT + 4, segment);
        BigEndian.putInt(to, at + OP, 1);
        to[at + OP + 4] = op;
        putLong(to, at + LSN, lsn);
        putLong(to, at + ORDINAL, ordinal);
        putLong(to, at + TIME, time);
        int end = at + FIELDS;
        if (incomplete) {
            BigEndian.putInt(to, at + UNCHANGED, bitmapLength);
            java.util.Arrays.fill(to, end, end + bitmapLength, (byte) 0);
            end += bitmapLength;
        } else {
            BigEndian.putInt(to, at + UNCHANGED, RowFormat.NULL);
        }
        boolean keyOnly = keyOnly();
        for (int i = 0; i < row.width(); i++) {
            Tuple from = source(i);
            int size = keyOnly && !inKey[i] ? RowFormat.NULL : from.length(i);
            if (size == RowFormat.UNCHANGED) {
                to[at + FIELDS + i / 8] |= (byte) (1 << i % 8);
                size = RowFormat.NULL;
            }
            BigEndian.putInt(to, end, size);
            end += 4;
            if (size > 0) {
                System.arraycopy(from.bytes(), from.offset(i), to, end, size);
                end += size;
            }
        }
    }

    static byte op(byte[] bytes, int at) {
        return bytes[at + OP + 4];
    }

    static boolean incomplete(byte[] bytes, int at) {
        return BigEndian.getInt(bytes, at + UNCHANGED) >= 0;
    }

    /** Points {@code into} at the fields of a written row. */
    void read(byte[] bytes, int at, Tuple into) {
        boolean bits = incomplete(bytes, at);
        into.reset(bytes, schema.width());
        int field = at + FIELDS + (bits ? bitmapLength : 0);
        for (int i = 0; i < schema.width(); i++) {
            int size = BigEndian.getInt(bytes, field);
            field += 4;
            if (bits && (bytes[at + FIELDS + i / 8] & 1 << i % 8) != 0) {
                into.setUnchanged(i);
            } else {
                into.value(i, field, size);
            }
            field += Math.max(0, size);
        }
    }

    /** True when a written row has the same key, byte for byte. */
    boolean sameKey(byte[] bytes, int at, Tuple other) {
        int field = at + FIELDS + (incomplete(bytes, at) ? bitmapLength : 0);
        for (int i = 0; i <= lastKeyColumn; i++) {
            int size = BigEndian.getInt(bytes, field);
            field += 4;
            if (inKey[i]) {
                if (size != other.length(i)) {
                    return false;
                }
                int offset = other.offset(i);
                if (size > 0
                        && !java.util.Arrays.equals(bytes, field, field + size, other.bytes(), offset, offset + size)) {
                    return false;
                }
            }
            field += Math.max(0, size);
        }
        return true;
    }

    private Tuple source(int field) {
        return base != null && row.isUnchanged(field) ? base : row;
    }

    /** Keyless rows have no key to be reduced to. */
    private boolean keyOnly() {
        return lastKeyColumn >= 0 && (op == StagingLayout.DELETE || op == StagingLayout.MOVED);
    }

    private static void putLong(byte[] to, int at, long value) {
        BigEndian.putInt(to, at, 8);
        BigEndian.putLong(to, at + 4, value);
    }
}
