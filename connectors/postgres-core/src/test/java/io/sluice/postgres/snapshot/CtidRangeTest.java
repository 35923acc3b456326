package io.sluice.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CtidRangeTest {
    private static final long MIB = 1 << 20;

    @Test
    @DisplayName("F2: the last range is open-ended, of an empty table too")
    void lastRangeIsOpen() {
        assertThat(CtidRange.plan(0, MIB)).containsExactly(new CtidRange(0, CtidRange.OPEN));
        assertThat(CtidRange.plan(3 * MIB, MIB))
                .containsExactly(new CtidRange(0, 128), new CtidRange(128, 256), new CtidRange(256, CtidRange.OPEN));
    }

    @Test
    @DisplayName("M1: a table of 32 TiB has no more ranges than allowed, and no gap between them")
    void hugeTables() {
        List<CtidRange> ranges = CtidRange.plan(32L << 40, MIB);
        assertThat(ranges).hasSizeBetween(CtidRange.MOST / 2, CtidRange.MOST);
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).firstBlock()).isEqualTo(ranges.get(i - 1).endBlock());
        }
    }
}
