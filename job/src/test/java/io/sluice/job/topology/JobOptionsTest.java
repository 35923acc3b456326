package io.sluice.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.PipelineFile;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobOptionsTest {
    @Test
    @DisplayName("S4: checkpoints may take a day and fail without end")
    void patientCheckpoints() {
        Configuration options =
                JobOptions.of(PipelineFile.of("a.example.com", "b.example.com").config());
        assertThat(options.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).isEqualTo(Duration.ofHours(24));
        assertThat(options.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER)).isEqualTo(Integer.MAX_VALUE);
        assertThat(options.get(PipelineOptions.GENERIC_TYPES)).isFalse();
    }

    @Test
    void theFileHasTheLastWord() {
        PipelineFile file = PipelineFile.of("a.example.com", "b.example.com")
                .with("pipeline.checkpoint-interval", "3 s")
                .with("flink.execution.checkpointing.timeout", "1 h");
        Configuration options = JobOptions.of(file.config());
        assertThat(options.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).isEqualTo(Duration.ofHours(1));
        assertThat(options.get(CheckpointingOptions.CHECKPOINTING_INTERVAL)).isEqualTo(Duration.ofSeconds(3));
    }
}
