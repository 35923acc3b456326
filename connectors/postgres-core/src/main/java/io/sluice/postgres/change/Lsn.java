package io.sluice.postgres.change;

import java.io.Serializable;

/**
 * A position in the write-ahead log: an unsigned 64-bit byte offset, written {@code X/Y} in hexadecimal
 * (PostgreSQL manual, section "pg_lsn Type").
 */
public record Lsn(long value) implements Comparable<Lsn>, Serializable {
    public static final Lsn ZERO = new Lsn(0);

    /**
     * Reads {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException when the text is not two hexadecimal numbers of 1 to 8 digits
     */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw malformed(text);
        }
        return new Lsn(hex(text, 0, slash) << 32 | hex(text, slash + 1, text.length()));
    }

    public boolean isZero() {
        return value == 0;
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    /** Bytes of WAL from {@code earlier} to this position; negative when this one is the earlier. */
    public long minus(Lsn earlier) {
        return value - earlier.value;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase() + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase();
    }

    private static long hex(String text, int from, int to) {
        long result = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw malformed(text);
            }
            result = result << 4 | digit;
        }
        return result;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "not an LSN: \"" + text + "\"; expected two hexadecimal numbers such as 16/B374D848");
    }
}
