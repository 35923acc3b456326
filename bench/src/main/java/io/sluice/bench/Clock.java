package io.sluice.bench;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits as the timed runs have to: alike for every side, to 5 ms, and seldom enough not to cost the servers much. */
final class Clock {
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private Clock() {}

    static void until(Duration patience, String what, Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            if (since(start).compareTo(patience) > 0) {
                throw new IllegalStateException("waited " + patience.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
