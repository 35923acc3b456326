package io.sluice.postgres.change;

import java.util.Arrays;

/**
 * The fields of one row as ranges of somebody else's bytes; made once and pointed at row after row, so that decoding
 * allocates nothing. Valid until its owner moves on.
 *
 * <p>Not thread-safe.
 */
public final class Tuple {
    private byte[] bytes = new byte[0];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private int width;

    /** Starts a row of {@code width} fields in {@code bytes}; every field is NULL until it is set. */
    public void reset(byte[] bytes, int width) {
        this.bytes = bytes;
        this.width = width;
        if (offsets.length < width) {
            offsets = new int[Math.max(width, 2 * offsets.length)];
            lengths = new int[offsets.length];
        }
        Arrays.fill(lengths, 0, width, RowFormat.NULL);
    }

    public void value(int field, int offset, int length) {
        offsets[field] = offset;
        lengths[field] = length;
    }

    public void setNull(int field) {
        lengths[field] = RowFormat.NULL;
    }

    public void setUnchanged(int field) {
        lengths[field] = RowFormat.UNCHANGED;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int width() {
        return width;
    }

    /** Where the field's bytes start in {@link #bytes()}; meaningless unless {@link #length} is 0 or more. */
    public int offset(int field) {
        return offsets[field];
    }

    /** Length in bytes, {@link RowFormat#NULL} or {@link RowFormat#UNCHANGED}. */
    public int length(int field) {
        return lengths[field];
    }

    public boolean isUnchanged(int field) {
        return lengths[field] == RowFormat.UNCHANGED;
    }

    public boolean hasUnchanged() {
        for (int i = 0; i < width; i++) {
            if (lengths[i] == RowFormat.UNCHANGED) {
                return true;
            }
        }
        return false;
    }
}
