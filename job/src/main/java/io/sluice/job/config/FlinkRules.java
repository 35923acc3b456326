package io.sluice.job.config;

import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.option.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;

/** What the pipeline demands of Flink's options: exactly once hangs on some of them. */
final class FlinkRules {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

    /** Keys of ours that are one of Flink's: given twice, one of the two would be ignored. */
    private static final Map<Key<?>, ConfigOption<?>> TWINS = new LinkedHashMap<>();

    static {
        TWINS.put(PipelineKeys.NAME_KEY, PipelineOptions.NAME);
        TWINS.put(PipelineKeys.CHECKPOINT_INTERVAL, CheckpointingOptions.CHECKPOINTING_INTERVAL);
        TWINS.put(PipelineKeys.PARALLELISM, CoreOptions.DEFAULT_PARALLELISM);
        TWINS.put(PipelineKeys.STATE_BACKEND, StateBackendOptions.STATE_BACKEND);
        TWINS.put(PipelineKeys.CHECKPOINT_DIR, CheckpointingOptions.CHECKPOINTS_DIRECTORY);
    }

    private final ConfigValues values;
    private final FlinkSection flink;
    private final List<Fault> faults = new ArrayList<>();

    FlinkRules(ConfigValues values, FlinkSection flink) {
        this.values = values;
        this.flink = flink;
    }

    List<Fault> faults() {
        TWINS.forEach(this::givenOnce);
        checkpointsAreAligned();
        checkpointsAreExact();
        streamIsNoBatch();
        checkpointsHappen();
        return faults;
    }

    private boolean isLogBased() {
        return values.find(SourceKeys.REPLICATION_METHOD)
                .filter(ReplicationMethod.LOG_BASED::equals)
                .isPresent();
    }

    private void givenOnce(Key<?> key, ConfigOption<?> option) {
        if (values.given(key) && flink.configuration().contains(option)) {
            faults.add(flink.fault(option, "is the same as " + key.name() + ", which is given too; remove one"));
        }
    }

    private void checkpointsAreAligned() {
        if (option(CheckpointingOptions.ENABLE_UNALIGNED).orElse(false)) {
            faults.add(flink.fault(
                    CheckpointingOptions.ENABLE_UNALIGNED,
                    "must stay false: changes are dealt to the writers by key, which Flink can not redo for the"
                            + " records inside an unaligned checkpoint"));
        }
    }

    private void checkpointsAreExact() {
        if (option(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
                .filter(mode -> mode != CheckpointingMode.EXACTLY_ONCE)
                .isPresent()) {
            faults.add(flink.fault(
                    CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                    "must stay EXACTLY_ONCE, or rows would reach the target twice"));
        }
    }

    private void streamIsNoBatch() {
        boolean batch = option(ExecutionOptions.RUNTIME_MODE)
                .filter(RuntimeExecutionMode.BATCH::equals)
                .isPresent();
        if (batch && isLogBased()) {
            faults.add(flink.fault(
                    ExecutionOptions.RUNTIME_MODE,
                    "can not be BATCH with LOG_BASED, which commits at checkpoints; remove it"));
        }
    }

    private void checkpointsHappen() {
        Optional<Duration> ownInterval = values.find(PipelineKeys.CHECKPOINT_INTERVAL);
        Optional<Duration> interval =
                option(CheckpointingOptions.CHECKPOINTING_INTERVAL).or(() -> ownInterval);
        if (interval.isEmpty()) {
            return;
        }
        if (interval.get().isZero() && isLogBased()) {
            faults.add(intervalFault("can not be 0 with LOG_BASED, which commits at checkpoints"));
        } else if (!interval.get().isZero() && interval.get().compareTo(SHORTEST_INTERVAL) < 0) {
            faults.add(intervalFault("must be 10 ms or more"));
        }
    }

    private Fault intervalFault(String rule) {
        return flink.configuration().contains(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                ? flink.fault(CheckpointingOptions.CHECKPOINTING_INTERVAL, rule)
                : values.fault(PipelineKeys.CHECKPOINT_INTERVAL, rule);
    }

    private <T> Optional<T> option(ConfigOption<T> option) {
        try {
            return flink.configuration().getOptional(option);
        } catch (IllegalArgumentException e) {
            Fault fault = flink.fault(option, "is not a value that Flink can read for this option");
            if (!faults.contains(fault)) {
                faults.add(fault);
            }
            return Optional.empty();
        }
    }
}
