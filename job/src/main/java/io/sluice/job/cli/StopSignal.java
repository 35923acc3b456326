package io.sluice.job.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C or SIGTERM: ends the work in good order before the process does. The process is held up until this is closed,
 * so it has to be the first resource of all: what is closed after it may not come to it.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::receive, "stop-signal");
    private volatile @Nullable Callable<Boolean> stop;
    private volatile boolean received;

    private StopSignal() {}

    static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** What ends the work; before this is said there is nothing to end. */
    void stops(Callable<Boolean> stop) {
        this.stop = stop;
    }

    boolean received() {
        return received;
    }

    @Override
    public void close() {
        ended.countDown();
        if (!received) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private void receive() {
        received = true;
        Callable<Boolean> now = stop;
        if (now == null) {
            return;
        }
        System.err.println("stopping ...");
        try {
            now.call();
            ended.await();
        } catch (Exception e) {
            System.err.println("sluice: could not stop in good order: " + Reasons.of(e)
                    + "; what was not committed is read again by the next run");
        }
    }
}
