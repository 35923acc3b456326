package io.sluice.postgres.wal2json;

/** The values of one message in UTF-8, unescaped; the bytes are used again for the next message. */
final class Utf8Values {
    /** More is not kept: one large row must not hold its memory for ever. */
    private static final int KEPT = 1 << 20;

    private byte[] bytes = new byte[8 << 10];
    private int length;

    /**
     * Starts a message. Its values need no more bytes than it has: escapes are longer than what they stand for, and a
     * value's quotes leave room for {@link #hexPrefix}.
     */
    void reset(int messageLength) {
        length = 0;
        if (bytes.length < messageLength || bytes.length > KEPT && messageLength <= KEPT) {
            bytes = new byte[Math.max(messageLength, KEPT >> 4)];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void ascii(char value) {
        bytes[length++] = (byte) value;
    }

    void hexPrefix() {
        ascii('\\');
        ascii('x');
    }

    /** False when a surrogate stands alone, which is no character. */
    boolean chars(char[] chars, int offset, int count) {
        byte[] to = bytes;
        int at = length;
        int end = offset + count;
        for (int i = offset; i < end; i++) {
            int c = chars[i];
            if (c < 0x80) {
                to[at++] = (byte) c;
            } else if (c < 0x800) {
                to[at++] = (byte) (0xC0 | c >> 6);
                to[at++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isSurrogate((char) c)) {
                if (i + 1 == end || !Character.isSurrogatePair((char) c, chars[i + 1])) {
                    return false;
                }
                c = Character.toCodePoint((char) c, chars[++i]);
                to[at++] = (byte) (0xF0 | c >> 18);
                to[at++] = (byte) (0x80 | c >> 12 & 0x3F);
                to[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                to[at++] = (byte) (0x80 | c & 0x3F);
            } else {
                to[at++] = (byte) (0xE0 | c >> 12);
                to[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                to[at++] = (byte) (0x80 | c & 0x3F);
            }
        }
        length = at;
        return true;
    }
}
