package io.sluice.job.config;

import static io.sluice.job.config.ConfigFixture.config;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"execution.checkpointing.unaligned.enabled", "execution.checkpointing.unaligned"})
    @DisplayName("S7: unaligned checkpoints are refused")
    void unalignedCheckpointsAreRefused(String key) {
        assertThat(config().with("flink." + key, "true").fault()).satisfies(fault -> {
            assertThat(fault.key()).isEqualTo("flink." + key);
            assertThat(fault.line()).isEqualTo(20);
            assertThat(fault.rule()).startsWith("must stay false");
        });
        assertThat(config().with("flink." + key, "false").parse()).isNotNull();
    }

    @Test
    @DisplayName("S1: BATCH mode is refused for LOG_BASED")
    void batchModeIsRefusedForLogBased() {
        ConfigFixture batch = config().with("flink.execution.runtime-mode", "BATCH");
        assertThat(batch.fault().rule()).startsWith("can not be BATCH with LOG_BASED");
        assertThat(batch.with("source.replication-method", "FULL_TABLE").parse())
                .isNotNull();
        assertThat(config().with("flink.execution.runtime-mode", "STREAMING").parse())
                .isNotNull();
    }

    @Test
    @DisplayName("S1: LOG_BASED without checkpointing is refused")
    void logBasedNeedsCheckpoints() {
        ConfigFixture none = config().with("pipeline.checkpoint-interval", "0");
        assertThat(none.fault()).satisfies(fault -> {
            assertThat(fault.key()).isEqualTo("pipeline.checkpoint-interval");
            assertThat(fault.rule()).startsWith("can not be 0 with LOG_BASED");
        });
        assertThat(none.with("source.replication-method", "FULL_TABLE").parse()).isNotNull();
        assertThat(config().with("flink.execution.checkpointing.interval", "0").fault())
                .satisfies(fault -> {
                    assertThat(fault.key()).isEqualTo("flink.execution.checkpointing.interval");
                    assertThat(fault.rule()).startsWith("can not be 0 with LOG_BASED");
                });
    }

    @Test
    @DisplayName("S1: checkpoints that are not exactly-once are refused")
    void checkpointsAreExactlyOnce() {
        assertThat(config().with("flink.execution.checkpointing.mode", "AT_LEAST_ONCE")
                        .fault()
                        .rule())
                .startsWith("must stay EXACTLY_ONCE");
    }

    @Test
    void intervalsThatFlinkRefusesAreRefusedHere() {
        assertThat(config().with("pipeline.checkpoint-interval", "9 ms").fault().rule())
                .isEqualTo("must be 10 ms or more");
    }

    @ParameterizedTest
    @CsvSource({
        "pipeline.name, orders, pipeline.name",
        "pipeline.checkpoint-interval, 5 s, execution.checkpointing.interval",
        "pipeline.parallelism, 2, parallelism.default",
        "pipeline.state-backend, rocksdb, state.backend.type",
        "pipeline.checkpoint-dir, /tmp/x, execution.checkpointing.dir",
        "pipeline.checkpoint-dir, /tmp/x, state.checkpoints.dir"
    })
    void anOptionIsGivenOnlyOnce(String ours, String value, String theirs) {
        assertThat(config().with(ours, value).with("flink." + theirs, value).fault())
                .satisfies(fault -> {
                    assertThat(fault.key()).isEqualTo("flink." + theirs);
                    assertThat(fault.rule()).isEqualTo("is the same as " + ours + ", which is given too; remove one");
                });
        assertThat(config().with("flink." + theirs, value)
                        .parse()
                        .flinkConfiguration()
                        .toMap())
                .containsEntry(theirs, value);
    }

    @Test
    void valuesThatFlinkCanNotReadAreReportedOnce() {
        assertThat(config().with("flink.execution.checkpointing.interval", "soon")
                        .fault())
                .hasToString("flink.execution.checkpointing.interval (line 20) = \"soon\":"
                        + " is not a value that Flink can read for this option");
    }
}
