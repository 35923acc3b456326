package io.sluice.job.local;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.topology.JobOptions;
import io.sluice.job.topology.ReplicationTopology;
import io.sluice.job.topology.ReplicationTopology.Circumstances;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A pipeline on a cluster of its own in this process. Its checkpoints last as long as it does, unless its file names a
 * place for them: the next start goes on from the target's ledger.
 */
public final class LocalPipeline implements AutoCloseable {
    private final LocalCluster cluster;
    private final LocalJob job;
    private final Path folder;

    private LocalPipeline(LocalCluster cluster, LocalJob job, Path folder) {
        this.cluster = cluster;
        this.job = job;
        this.folder = folder;
    }

    /** @param inspection of the same configuration, without errors */
    public static LocalPipeline start(PipelineConfig config, Inspection inspection) throws InterruptedException {
        Path folder = makeFolder();
        Configuration options = options(config, folder);
        int slots = slots(config);
        LocalCluster cluster = LocalCluster.start(options, slots);
        try {
            return new LocalPipeline(cluster, submit(cluster, config, inspection, options), folder);
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            delete(folder);
            throw e;
        }
    }

    /** Hands the pipeline to a cluster that runs already, which need not be one of this class. */
    public static LocalJob submit(
            LocalCluster cluster, PipelineConfig config, Inspection inspection, Configuration options)
            throws InterruptedException {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
        ReplicationTopology.build(
                env, config, new Circumstances(inspection.tables().size(), slots(config), inspection.values()));
        return cluster.submit(env.getStreamGraph());
    }

    /** @param folder for checkpoints and what the web interface keeps, where the file names none */
    public static Configuration options(PipelineConfig config, Path folder) {
        Configuration options = JobOptions.of(config);
        if (!options.contains(CheckpointingOptions.CHECKPOINTS_DIRECTORY)) {
            // Without a directory a checkpoint is kept on the heap, and fails beyond 5 MB.
            options.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    folder.resolve("checkpoints").toUri().toString());
        }
        if (!options.contains(WebOptions.TMP_DIR)) {
            options.set(WebOptions.TMP_DIR, folder.toString());
        }
        return options;
    }

    /** One for each core, and more where the file asks for more subtasks than that. */
    public static int slots(PipelineConfig config) {
        Integer readers = config.pipeline().parallelism();
        int writers = config.target().delivery().parallelism().requested();
        return Math.max(Runtime.getRuntime().availableProcessors(), Math.max(readers == null ? 1 : readers, writers));
    }

    public LocalCluster cluster() {
        return cluster;
    }

    public LocalJob job() {
        return job;
    }

    /**
     * Ends the job with everything committed that it has read.
     *
     * @return false when it did not come to that in time; the job is cancelled then
     */
    public boolean stop(Duration patience) throws InterruptedException {
        boolean stopped = job.stop(folder.resolve("last"), patience);
        if (!stopped) {
            job.cancel(patience);
        }
        return stopped;
    }

    @Override
    public void close() {
        cluster.close();
        delete(folder);
    }

    private static Path makeFolder() {
        try {
            return Files.createTempDirectory("sluice-run-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for checkpoints: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the checkpoints in " + folder + ": " + e.getMessage(), e);
        }
    }
}
