package io.sluice.flink.sink.commit;

import io.sluice.postgres.apply.merge.CommitResult;
import io.sluice.postgres.apply.merge.UnitCommitter;
import io.sluice.postgres.apply.unit.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.api.connector.sink2.Committer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what a checkpoint cut, in a thread of its own (RULES S4): a merge may take long and JDBC does not hear an
 * interrupt, so the task waits here, and when it is told to go it cancels the statement and closes the socket.
 *
 * <p>It runs in every subtask of the committer, but units reach one of them only; that one connects, at its first
 * commit. A commit that fails throws: Flink restarts the job and delivers the same units again. It never signals a
 * failure to Flink, which would drop the unit.
 */
public final class InterruptibleCommitter implements Committer<Unit> {
    private static final Logger LOG = LoggerFactory.getLogger(InterruptibleCommitter.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String pipeline;
    private final Supplier<UnitCommitter> connecting;
    private final CommitMetrics metrics;
    private @Nullable UnitCommitter committer;
    private @Nullable ExecutorService thread;

    /** @param connecting makes the committer at the first commit; it owns a connection from then on */
    public InterruptibleCommitter(String pipeline, Supplier<UnitCommitter> connecting, CommitMetrics metrics) {
        this.pipeline = pipeline;
        this.connecting = connecting;
        this.metrics = metrics;
    }

    @Override
    public void commit(Collection<CommitRequest<Unit>> requests) throws IOException, InterruptedException {
        if (requests.isEmpty()) {
            return;
        }
        List<Unit> units = requests.stream().map(CommitRequest::getCommittable).toList();
        UnitCommitter target = committer();
        Future<CommitResult> running = thread().submit(() -> target.commit(units));
        try {
            CommitResult result = running.get();
            metrics.committed(result);
            LOG.debug("pipeline {}: committed {} units up to {}", pipeline, units.size(), result.position());
            if (result.alreadyApplied()) {
                requests.forEach(CommitRequest::signalAlreadyCommitted);
            }
        } catch (InterruptedException e) {
            target.cancel();
            throw e;
        } catch (ExecutionException | CancellationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "pipeline " + pipeline + ": a commit of " + units.size() + " units failed; it is tried again, and"
                            + " the ledger tells what is applied already: " + cause.getMessage(),
                    cause);
        }
    }

    @Override
    public void close() {
        if (committer != null) {
            if (thread != null) {
                thread.shutdownNow();
                end(committer, thread);
            }
            committer.close();
        }
    }

    /** A commit that is just connecting has nothing to cancel yet, so it is told until it has heard. */
    private void end(UnitCommitter target, ExecutorService running) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            do {
                target.cancel();
                if (running.awaitTermination(100, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } while (System.nanoTime() < deadline);
            LOG.warn("pipeline {}: the cancelled commit has not ended after {} s", pipeline, PATIENCE.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private UnitCommitter committer() {
        if (committer == null) {
            committer = connecting.get();
        }
        return committer;
    }

    private ExecutorService thread() {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(work -> {
                Thread made = new Thread(work, "sluice-commit-" + pipeline);
                made.setDaemon(true);
                return made;
            });
        }
        return thread;
    }
}
