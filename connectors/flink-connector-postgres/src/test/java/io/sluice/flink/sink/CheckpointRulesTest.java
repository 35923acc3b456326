package io.sluice.flink.sink;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CheckpointRulesTest {
    @Test
    void alignedExactlyOnceCheckpoints() {
        assertThatCode(() -> CheckpointRules.check(endless(checkpointed()))).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("S1: at-least-once checkpoints are refused")
    void atLeastOnce() {
        Configuration configuration = checkpointed();
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.AT_LEAST_ONCE);
        assertThatThrownBy(() -> CheckpointRules.check(endless(configuration)))
                .hasMessageContaining("execution.checkpointing.mode to EXACTLY_ONCE");
    }

    @Test
    @DisplayName("S7: unaligned checkpoints are refused")
    void unaligned() {
        Configuration configuration = checkpointed();
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        assertThatThrownBy(() -> CheckpointRules.check(endless(configuration)))
                .hasMessageContaining("execution.checkpointing.unaligned.enabled");
    }

    @Test
    @DisplayName("S1: an endless input without checkpoints is refused, a bounded one is not")
    void noCheckpoints() {
        assertThatThrownBy(() -> CheckpointRules.check(endless(new Configuration())))
                .hasMessageContaining("execution.checkpointing.interval");
        assertThatCode(() -> CheckpointRules.check(numbers(new Configuration(), new NumberSequenceSource(1, 2))))
                .doesNotThrowAnyException();
    }

    private static Configuration checkpointed() {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        return configuration;
    }

    private static DataStream<?> endless(Configuration configuration) {
        return numbers(configuration, new Endless());
    }

    private static DataStream<?> numbers(Configuration configuration, NumberSequenceSource source) {
        return StreamExecutionEnvironment.getExecutionEnvironment(configuration)
                .fromSource(source, WatermarkStrategy.noWatermarks(), "numbers")
                .filter(number -> number % 2 == 0);
    }

    /** Numbers whose end nobody waits for. */
    private static final class Endless extends NumberSequenceSource {
        private static final long serialVersionUID = 1;

        private Endless() {
            super(1, Long.MAX_VALUE);
        }

        @Override
        public Boundedness getBoundedness() {
            return Boundedness.CONTINUOUS_UNBOUNDED;
        }
    }
}
