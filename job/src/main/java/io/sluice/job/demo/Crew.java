package io.sluice.job.demo;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sessions at work in threads of their own; the first failure is told when they have ended. */
final class Crew {
    private final List<CompletableFuture<Void>> work = new ArrayList<>();

    interface Work {
        void run() throws SQLException;
    }

    void start(String name, Work task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        done.complete(null);
                    } catch (SQLException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        work.add(done);
        thread.start();
    }

    /** Waits until all have ended. */
    void join() throws SQLException {
        try {
            CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new SQLException(
                    "the demo's own session failed: " + e.getCause().getMessage(), e.getCause());
        }
    }
}
