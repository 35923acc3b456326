package io.sluice.postgres.replication;

import java.util.Arrays;

/** Messages that go into the queue together. */
final class Chunk {
    private static final int MESSAGES = 256;
    private static final int BYTES = 64 << 10;

    /** What a message costs beyond its bytes: array header and reference. */
    private static final int OVERHEAD = 24;

    private final byte[][] messages = new byte[MESSAGES][];
    private int count;
    private int bytes;

    static int size(byte[] message) {
        return message.length + OVERHEAD;
    }

    /** Only while it is not {@link #isFull}. */
    void add(byte[] message) {
        messages[count++] = message;
        bytes += size(message);
    }

    boolean isFull() {
        return count == MESSAGES || bytes >= BYTES;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    byte[] message(int i) {
        return messages[i];
    }

    /** With what the messages cost beyond their bytes. */
    int bytes() {
        return bytes;
    }

    void clear() {
        Arrays.fill(messages, 0, count, null);
        count = 0;
        bytes = 0;
    }
}
