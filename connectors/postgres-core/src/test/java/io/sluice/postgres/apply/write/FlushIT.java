package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FlushIT extends StagedChanges {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void timedFlushStagesWhatIsLarge(boolean zero) throws Exception {
        TableSchema t = create("timed_" + zero, "id int primary key, note text");
        Duration second = Duration.ofSeconds(1);
        TargetWriter writer = writer(new FlushPolicy(
                1_000_000,
                64 << 20,
                zero ? Duration.ZERO : second,
                second.multipliedBy(10),
                FlushPolicy.Scope.FULL_TABLE_ONLY));
        writer.flushTimed(-5);
        writer.write(inserts(t, ValueFormat.BINARY, 0, 100, 300));
        writer.idle();
        writer.flushTimed(second.toNanos());
        assertThat(writer.stats().flushes()).isZero();
        writer.write(inserts(t, ValueFormat.BINARY, 100, 10_000, 300));
        if (!zero) {
            writer.idle();
            writer.flushTimed(second.toNanos() + 1);
            assertThat(writer.stats().flushes()).isZero();
            writer.flushTimed(2 * second.toNanos());
            assertThat(writer.stats().flushes()).isEqualTo(1);
            // Sooner than the gap after the last flush.
            writer.write(inserts(t, ValueFormat.BINARY, 0, 10_000, 300));
            writer.flushTimed(3 * second.toNanos());
            writer.flushTimed(5 * second.toNanos());
            assertThat(writer.stats().flushes()).isEqualTo(1);
            writer.flushTimed(13 * second.toNanos());
            assertThat(writer.stats().flushes()).isEqualTo(2);
        } else {
            writer.idle();
            assertThat(writer.stats().flushes()).isEqualTo(1);
        }
    }

    @Test
    void memoryIsBoundedOverAllTables() throws Exception {
        TableSchema small = create("memory_small", "id int primary key, note text");
        TableSchema large = create("memory_large", "id int primary key, note text");
        TargetWriter writer = writer(full(1_000_000), 4 << 20);
        writer.write(inserts(small, ValueFormat.BINARY, 0, 2_000, 400));
        for (int i = 0; i < 10; i++) {
            writer.write(inserts(large, ValueFormat.BINARY, 3_000 * i, 3_000, 400));
        }
        long early = writer.stats().staged();
        assertThat(early).isBetween(12_000L, 27_000L);
        List<Step.Rows> steps = rows(writer.prepare()).toList();
        assertThat(steps.stream().filter(step -> step.schema().equals(small))).hasSize(1);
        assertThat(steps.stream().mapToInt(step -> step.counts().rows()).sum()).isEqualTo(32_000);
    }

    @ParameterizedTest
    @EnumSource(FlushPolicy.Scope.class)
    void aFullTableFlushesWhatItsScopeSays(FlushPolicy.Scope scope) throws Exception {
        TableSchema a = create("scope_a_" + scope.ordinal(), "id int primary key, note text");
        TableSchema b = create("scope_b_" + scope.ordinal(), "id int primary key, note text");
        TargetWriter writer = writer(new FlushPolicy(100, 64 << 20, Duration.ofHours(1), Duration.ofHours(1), scope));
        writer.write(inserts(a, ValueFormat.BINARY, 0, 50, 10));
        // Keys count, not changes.
        writer.write(inserts(b, ValueFormat.BINARY, 0, 80, 10));
        writer.write(inserts(b, ValueFormat.BINARY, 0, 80, 10));
        assertThat(writer.stats().flushes()).isZero();
        writer.write(inserts(b, ValueFormat.BINARY, 80, 30, 10));
        assertThat(writer.stats().staged()).isEqualTo(scope == FlushPolicy.Scope.ALL_TABLES ? 150 : 100);
        assertThat(writer.prepare().steps()).hasSize(3);
    }
}
