package io.sluice.job.topology;

import io.sluice.job.config.PipelineConfig;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;

/** Flink's options for a pipeline: what this job needs, under what its file says. */
public final class JobOptions {
    /** A merge holds the next barrier back (RULES S4): no commit may take longer than this. */
    private static final Duration LONGEST_CHECKPOINT = Duration.ofHours(24);

    private JobOptions() {}

    public static Configuration of(PipelineConfig config) {
        Configuration options = needed();
        options.addAll(config.flinkConfiguration());
        return options;
    }

    private static Configuration needed() {
        Configuration options = new Configuration();
        // A checkpoint that expires or fails while a long merge runs must not end the job: the merge would be
        // interrupted and begin again, and a first copy would lose its snapshot (RULES S4).
        options.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, LONGEST_CHECKPOINT);
        options.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        // A unit must hold what is before its barrier, all of it and nothing else.
        options.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        // Batches are dealt to the writers by bucket, which Flink cannot redo for records in flight (RULES S7).
        options.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        // Everything that flows has a serializer of ours; a type that has not is a mistake, not a case for Kryo.
        options.set(PipelineOptions.GENERIC_TYPES, false);
        // A cancelled job can go on from its last checkpoint; without it the ledger alone would have to do.
        options.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // A server that is away for hours comes back; until then it is asked less and less often.
        options.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        options.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofSeconds(1));
        options.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofMinutes(1));
        return options;
    }
}
