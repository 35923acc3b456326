package io.sluice.job.local;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.filter.DefaultReporterFilters;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** One JobManager and one TaskManager in this process, with Flink's web interface on loopback. */
public final class LocalCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final MiniCluster cluster;
    private final LiveMetrics metrics;

    private LocalCluster(MiniCluster cluster, LiveMetrics metrics) {
        this.cluster = cluster;
        this.metrics = metrics;
    }

    /**
     * Starts it; its ports are free ones unless {@code options} say otherwise.
     *
     * @param options of Flink; those that would open a door to other machines are overruled
     * @param slots that the TaskManager offers
     * @throws IllegalStateException with Flink's reason, such as a port that is taken
     */
    public static LocalCluster start(Configuration options, int slots) {
        LiveMetrics metrics = new LiveMetrics();
        MiniCluster cluster = new ObservedCluster(
                new MiniClusterConfiguration.Builder()
                        .setConfiguration(onLoopback(options))
                        .setNumTaskManagers(1)
                        .setNumSlotsPerTaskManager(slots)
                        .build(),
                metrics);
        try {
            cluster.start();
        } catch (Exception e) {
            throw new IllegalStateException("cannot start Flink in this process: " + e.getMessage(), e);
        }
        return new LocalCluster(cluster, metrics);
    }

    /**
     * Whoever reaches the REST interface can upload and run code, and without a bind address Flink listens on all
     * interfaces (RULES S23).
     */
    static Configuration onLoopback(Configuration options) {
        Configuration local = new Configuration(options);
        local.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        local.set(RestOptions.ADDRESS, LOOPBACK);
        local.set(JobManagerOptions.ADDRESS, LOOPBACK);
        local.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        local.set(TaskManagerOptions.HOST, LOOPBACK);
        local.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        local.set(WebOptions.SUBMIT_ENABLE, false);
        local.set(WebOptions.CANCEL_ENABLE, false);
        if (!options.contains(RestOptions.BIND_PORT)) {
            local.set(
                    RestOptions.BIND_PORT,
                    options.getOptional(RestOptions.PORT).map(String::valueOf).orElse("0"));
        }
        if (!options.contains(BlobServerOptions.PORT)) {
            local.set(BlobServerOptions.PORT, "0");
        }
        return local;
    }

    /** Where the web interface answers. */
    public URI webInterface() throws InterruptedException {
        try {
            return cluster.getRestAddress().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Flink's web interface did not start: " + e.getMessage(), e);
        }
    }

    /** Numbers that the jobs of this cluster report. */
    public LiveMetrics metrics() {
        return metrics;
    }

    /** Hands a job over; returns when it is accepted, which is before it runs. */
    public LocalJob submit(StreamGraph graph) throws InterruptedException {
        try {
            return new LocalJob(
                    cluster, cluster.submitJob(graph.getJobGraph()).get().getJobID());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Flink did not take the job: " + e.getMessage(), e);
        }
    }

    /** Loses the TaskManager with all that runs on it, and brings a new one. */
    public void replaceTaskManager() throws InterruptedException {
        try {
            cluster.terminateTaskManager(0).get();
            cluster.startTaskManager();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot replace the TaskManager: " + e.getMessage(), e);
        }
    }

    /** Ends everything at once: jobs get no last checkpoint. */
    @Override
    public void close() {
        cluster.closeAsync().join();
    }

    /** Reports to an object of ours beside the reporters that the options name. */
    private static final class ObservedCluster extends MiniCluster {
        private final LiveMetrics metrics;

        ObservedCluster(MiniClusterConfiguration configuration, LiveMetrics metrics) {
            super(configuration);
            this.metrics = metrics;
        }

        @Override
        public void close() {
            closeAsync().join();
        }

        @Override
        protected MetricRegistryImpl createMetricRegistry(Configuration configuration, long maximumFrameSize) {
            List<ReporterSetup> reporters = new ArrayList<>(ReporterSetupBuilder.METRIC_SETUP_BUILDER.fromConfiguration(
                    configuration, DefaultReporterFilters::metricsFromConfiguration, null));
            reporters.add(ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter("live", metrics));
            return new MetricRegistryImpl(
                    MetricRegistryConfiguration.fromConfiguration(configuration, maximumFrameSize), reporters);
        }
    }
}
