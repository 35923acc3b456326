package io.sluice.job.local;

import io.sluice.job.local.Outcome.Canceled;
import io.sluice.job.local.Outcome.Failed;
import io.sluice.job.local.Outcome.Finished;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;

/** A job on the cluster of this process. Thread-safe. */
public final class LocalJob {
    private final MiniCluster cluster;
    private final JobID id;
    private final CompletableFuture<Outcome> outcome;

    LocalJob(MiniCluster cluster, JobID id) {
        this.cluster = cluster;
        this.id = id;
        this.outcome = cluster.requestJobResult(id).thenApply(LocalJob::outcome);
    }

    /** A failure after which Flink started the job again by itself. */
    public record Restart(long timestamp, Throwable reason) {}

    /**
     * Waits until the job has ended.
     *
     * @return empty when it still runs after that time
     */
    public Optional<Outcome> await(Duration time) throws InterruptedException {
        try {
            return Optional.of(outcome.get(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the job's end is not known: " + e.getMessage(), e);
        }
    }

    /** True while all its tasks run. */
    public boolean running() throws InterruptedException {
        try {
            AccessExecutionGraph graph = cluster.getExecutionGraph(id).get();
            return graph.getState() == JobStatus.RUNNING
                    && StreamSupport.stream(graph.getAllExecutionVertices().spliterator(), false)
                            .allMatch(task -> task.getExecutionState() == ExecutionState.RUNNING);
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** The last failure that the job survived; the same one is told again until there is a newer one. */
    public Optional<Restart> lastRestart() throws InterruptedException {
        try {
            return Optional.ofNullable(cluster.getExecutionGraph(id).get().getFailureInfo())
                    .map(failure -> new Restart(failure.getTimestamp(), failure.getException()));
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }

    /**
     * Takes a last checkpoint, commits it, and ends the job.
     *
     * @param savepoint where that checkpoint is written
     * @return false when it did not end that way in time; it may still run
     */
    public boolean stop(Path savepoint, Duration patience) throws InterruptedException {
        CompletableFuture<String> stopped =
                cluster.stopWithSavepoint(id, savepoint.toUri().toString(), false, SavepointFormatType.NATIVE);
        try {
            stopped.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return await(patience).isPresent();
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    /** Ends the job without a checkpoint, and waits until it has ended. */
    public void cancel(Duration patience) throws InterruptedException {
        cluster.cancelJob(id);
        await(patience);
    }

    private static Outcome outcome(JobResult result) {
        if (result.isSuccess()) {
            return new Finished();
        }
        return result.getSerializedThrowable()
                .<Outcome>map(thrown -> new Failed(thrown.deserializeError(LocalJob.class.getClassLoader())))
                .orElseGet(Canceled::new);
    }
}
