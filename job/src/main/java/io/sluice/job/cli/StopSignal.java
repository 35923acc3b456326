package io.sluice.job.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C or SIGTERM: ends the work in good order before the process does. The hook holds the process up until the
 * command has told how it ended.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean received;

    private StopSignal(Callable<Boolean> stop) {
        hook = new Thread(() -> receive(stop), "stop-signal");
    }

    static StopSignal install(Callable<Boolean> stop) {
        StopSignal signal = new StopSignal(stop);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
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

    private void receive(Callable<Boolean> stop) {
        received = true;
        System.err.println("stopping ...");
        try {
            stop.call();
            ended.await();
        } catch (Exception e) {
            System.err.println("sluice: could not stop in good order: " + Reasons.of(e)
                    + "; what was not committed is read again by the next run");
        }
    }
}
