package io.sluice.testkit;

import java.util.Arrays;

/** Something to do when the bytes to a server have come to a place. */
abstract class ProxyTrigger {
    private final Runnable action;

    private ProxyTrigger(Runnable action) {
        this.action = action;
    }

    static ProxyTrigger afterBytes(long count, Runnable action) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", expected 1 or more");
        }
        return new AfterBytes(count, action);
    }

    static ProxyTrigger onText(byte[] pattern, Runnable action) {
        if (pattern.length < 1 || pattern.length > ProxyLink.CARRIED) {
            throw new IllegalArgumentException(
                    "the pattern has " + pattern.length + " bytes, expected 1 to " + ProxyLink.CARRIED);
        }
        return new OnText(pattern.clone(), action);
    }

    Runnable action() {
        return action;
    }

    /**
     * Where in the buffer the place is, -1 when it is not in these bytes.
     *
     * @param from where the bytes begin that have not gone yet; those before went on the same connection
     */
    abstract int place(byte[] buffer, int from, int to);

    abstract void passed(int count);

    private static final class AfterBytes extends ProxyTrigger {
        private long left;

        private AfterBytes(long count, Runnable action) {
            super(action);
            this.left = count;
        }

        @Override
        synchronized int place(byte[] buffer, int from, int to) {
            return left <= to - from ? from + (int) Math.max(0, left) : -1;
        }

        @Override
        synchronized void passed(int count) {
            left -= count;
        }
    }

    private static final class OnText extends ProxyTrigger {
        private final byte[] pattern;

        private OnText(byte[] pattern, Runnable action) {
            super(action);
            this.pattern = pattern;
        }

        @Override
        int place(byte[] buffer, int from, int to) {
            for (int at = Math.max(0, from - pattern.length + 1); at + pattern.length <= to; at++) {
                if (Arrays.equals(buffer, at, at + pattern.length, pattern, 0, pattern.length)) {
                    return to;
                }
            }
            return -1;
        }

        @Override
        void passed(int count) {
            // its place depends on what the bytes are, not on how many there were
        }
    }
}
