package io.sluice.job.config;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What concerns the pipeline as a whole.
 *
 * @param parallelism of the operators; when null the cluster's default holds
 */
public record PipelineSettings(
        String name,
        Duration checkpointInterval,
        @Nullable Integer parallelism,
        String stagingSchema,
        StateStorage state)
        implements Serializable {

    /** Where Flink keeps state; what is null is left to Flink's own configuration. */
    public record StateStorage(
            @Nullable String backend, @Nullable String checkpointDir) implements Serializable {}
}
