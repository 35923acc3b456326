package io.sluice.job.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.preflight.Preflight;
import io.sluice.job.topology.JobOptions;
import io.sluice.job.topology.ReplicationTopology;
import io.sluice.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.highavailability.nonha.embedded.HaLeadershipControl;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A Flink cluster in this JVM whose processes a test can kill. */
final class Cluster implements AutoCloseable {
    private static final int SLOTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final MiniCluster flink;
    private final Path folder;

    private Cluster(MiniCluster flink, Path folder) {
        this.flink = flink;
        this.folder = folder;
    }

    /** @param folder for checkpoints and savepoints */
    static Cluster start(Path folder) throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("heartbeat.interval", "500");
        configuration.setString("heartbeat.timeout", "4000");
        MiniCluster flink = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(SLOTS / 2)
                .setHaServices(MiniCluster.HaServices.WITH_LEADERSHIP_CONTROL)
                .withRandomPorts()
                .build());
        flink.start();
        return new Cluster(flink, folder);
    }

    JobID submit(PipelineConfig config) throws Exception {
        return submit(config, null);
    }

    /** @param from a savepoint or retained checkpoint */
    JobID submit(PipelineConfig config, @Nullable String from) throws Exception {
        Configuration configuration = JobOptions.of(config);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
        if (from != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        Inspection inspection = Preflight.inspect(config);
        assertThat(inspection.hasErrors()).as(inspection.findings().toString()).isFalse();
        ReplicationTopology.build(
                environment,
                config,
                new ReplicationTopology.Circumstances(inspection.tables().size(), SLOTS, inspection.values()));
        return flink.submitJob(environment.getStreamGraph().getJobGraph())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .getJobID();
    }

    void awaitCheckpoints(JobID job, int more) {
        long before = completed(job);
        Await.until(PATIENCE, more + " checkpoints", () -> completed(job) >= before + more);
    }

    void awaitFinished(JobID job) {
        Await.until(PATIENCE, "the job to finish", () -> {
            JobStatus status = flink.getJobStatus(job).get();
            if (status == JobStatus.FAILED || status == JobStatus.CANCELED) {
                throw new AssertionError("the job is " + status);
            }
            return status == JobStatus.FINISHED;
        });
    }

    /** Waits until the job has failed for good; what it says of the reason. */
    String awaitFailure(JobID job) {
        Await.until(PATIENCE, "the job to fail", () -> flink.getJobStatus(job).get() == JobStatus.FAILED);
        return flink.getArchivedExecutionGraph(job)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join()
                .getFailureInfo()
                .getExceptionAsString();
    }

    String stopWithSavepoint(JobID job) throws Exception {
        return flink.stopWithSavepoint(job, folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    String savepoint(JobID job) throws Exception {
        return flink.triggerSavepoint(job, folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void cancel(JobID job) throws Exception {
        flink.cancelJob(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Await.until(PATIENCE, "the job to be cancelled", () -> flink.getJobStatus(job)
                .get()
                .isGloballyTerminalState());
    }

    /** Ends one TaskManager without a word to the others, and starts another one. */
    void killTaskManager(int index) throws Exception {
        flink.terminateTaskManager(index).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        flink.startTaskManager();
    }

    /** The JobManager loses its job and another one takes it over from the last completed checkpoint. */
    void failOverJobManager(JobID job) throws Exception {
        HaLeadershipControl control = flink.getHaLeadershipControl().orElseThrow();
        control.revokeJobMasterLeadership(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        control.grantJobMasterLeadership(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    String retainedCheckpoint(JobID job) throws Exception {
        try (var files = java.nio.file.Files.walk(folder.resolve(job.toHexString()))) {
            return files.filter(path -> path.getFileName().toString().equals("_metadata"))
                    .map(Path::getParent)
                    .max(java.util.Comparator.comparing(
                            path -> Long.valueOf(path.getFileName().toString().substring("chk-".length()))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    @Override
    public void close() {
        flink.closeAsync().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private long completed(JobID job) {
        try {
            return flink.getExecutionGraph(job)
                    .get()
                    .getCheckpointStatsSnapshot()
                    .getCounts()
                    .getNumberOfCompletedCheckpoints();
        } catch (Exception e) {
            return 0;
        }
    }
}
