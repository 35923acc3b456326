package io.sluice.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition, never for a time. */
public final class Await {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /**
     * @param what is waited for, as in "the slot to be inactive"
     * @throws AssertionError when it does not come true in time; names what was waited for and the last failure
     */
    public static void until(Duration timeout, String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + timeout.toNanos();
        @Nullable Exception last;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() < end);
        throw new AssertionError("waited " + timeout.toSeconds() + " s for " + what, last);
    }
}
