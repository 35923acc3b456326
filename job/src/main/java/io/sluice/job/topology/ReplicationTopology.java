package io.sluice.job.topology;

import io.sluice.flink.sink.PostgresSink;
import io.sluice.flink.source.PostgresSource;
import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import io.sluice.job.wiring.ConnectionWiring;
import io.sluice.job.wiring.SourceWiring;
import io.sluice.job.wiring.TargetWiring;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ValueFormat;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A pipeline as a graph: one source, one sink. */
public final class ReplicationTopology {
    /** Begins the uid of every operator; state of a savepoint is found again by it, so it never changes. */
    private static final String UID = "sluice";

    private ReplicationTopology() {}

    /**
     * What is known of the servers and the cluster when the job is submitted.
     *
     * @param tables number of selected tables, for one writer per table
     * @param slots of the cluster; no operator gets more subtasks
     * @param values as which values travel
     */
    public record Circumstances(int tables, int slots, ValueFormat values) {}

    /** @throws IllegalStateException when the environment's mode cannot follow a log */
    public static void build(StreamExecutionEnvironment env, PipelineConfig config, Circumstances circumstances) {
        refuseBatch(env, config);
        int slots = circumstances.slots();
        Integer wanted = config.pipeline().parallelism();
        int readers = wanted == null ? slots : Math.min(wanted, slots);
        PostgresSource<ChangeBatch> source = SourceWiring.source(config, circumstances.values());
        DataStream<ChangeBatch> batches = env.fromSource(
                        source,
                        WatermarkStrategy.noWatermarks(),
                        "postgres source " + config.source().connection().name())
                .uid(UID + "-source")
                .setParallelism(readers);
        var parallelism = config.target().delivery().parallelism();
        PostgresSink sink = PostgresSink.builder()
                .connection(ConnectionWiring.settings(config.target().connection()))
                .options(TargetWiring.applyOptions(config))
                .buckets(parallelism.max())
                .build();
        PostgresSink.attach(batches, sink, parallelism.writers(circumstances.tables(), slots), UID);
    }

    /** Flink refuses it, too, for an input without end; a copy that is followed by nothing would pass there. */
    private static void refuseBatch(StreamExecutionEnvironment env, PipelineConfig config) {
        boolean batch = env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
        boolean streams = config.source().method() == ReplicationMethod.LOG_BASED
                && config.source().log().startup() != StartupMode.SNAPSHOT_ONLY;
        if (batch && streams) {
            throw new IllegalStateException("execution.runtime-mode BATCH cannot follow a log, which commits at"
                    + " checkpoints; leave it out");
        }
    }
}
