package io.sluice.flink.sink;

import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.transformations.WithBoundedness;

/** What the sink's promise needs of the job's checkpoints (RULES S1, S7); looked at when the job graph is made. */
final class CheckpointRules {
    private CheckpointRules() {}

    /** @throws IllegalStateException naming the option to change */
    static void check(DataStream<?> stream) {
        CheckpointConfig checkpoints = stream.getExecutionEnvironment().getCheckpointConfig();
        if (!checkpoints.isCheckpointingEnabled()) {
            if (unbounded(stream.getTransformation())) {
                throw new IllegalStateException("the sink commits at checkpoints, and the input has no end: set"
                        + " execution.checkpointing.interval, for example to 10 s");
            }
            return;
        }
        if (checkpoints.isUnalignedCheckpointsEnabled()) {
            throw new IllegalStateException("changes are dealt to the writers by bucket, which Flink cannot redo for"
                    + " records inside an unaligned checkpoint: set execution.checkpointing.unaligned.enabled to"
                    + " false");
        }
        if (checkpoints.getCheckpointingConsistencyMode() != CheckpointingMode.EXACTLY_ONCE) {
            throw new IllegalStateException("the sink promises exactly once, the checkpoints do not: set"
                    + " execution.checkpointing.mode to EXACTLY_ONCE");
        }
    }

    private static boolean unbounded(Transformation<?> end) {
        return end.getTransitivePredecessors().stream()
                .anyMatch(transformation -> transformation instanceof WithBoundedness input
                        && input.getBoundedness() == Boundedness.CONTINUOUS_UNBOUNDED);
    }
}
