package io.sluice.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.progress.Sample.Blind;
import io.sluice.job.progress.Sample.Copying;
import io.sluice.job.progress.Sample.Following;
import io.sluice.postgres.change.Lsn;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MB = 1_000_000;

    private final ProgressText text = new ProgressText(ZoneOffset.UTC);

    @Test
    void copyShowsRowsRateShareAndTimeLeft() {
        text.of(new Copying(0, 5, 0, 0, 0, 1000 * MB));

        assertThat(text.of(new Copying(2 * SECOND, 5, 1, 1_234_567, 200 * MB, 1000 * MB)))
                .isEqualTo("copying  20 %  1,234,567 rows  200.0 MB of 1.00 GB  100.0 MB/s  1 of 5 tables  ETA 0:08");
    }

    @Test
    void firstLookHasNoRateAndNoTimeLeft() {
        assertThat(text.of(new Copying(0, 2, 0, 10, 5 * MB, 10 * MB)))
                .isEqualTo("copying  50 %  10 rows  5.0 MB of 10.0 MB  0 B/s  0 of 2 tables");
    }

    @Test
    void noTimeLeftIsGuessedBeforeTheFirstPercent() {
        text.of(new Copying(0, 1, 0, 0, 0, 1000 * MB));

        assertThat(text.of(new Copying(SECOND, 1, 0, 0, 8192, 1000 * MB))).doesNotContain("ETA");
    }

    @Test
    void emptyTablesAreDoneWhenTheyAreComplete() {
        assertThat(text.of(new Copying(0, 1, 0, 0, 0, 0))).startsWith("copying   0 %");
        assertThat(text.of(new Copying(SECOND, 1, 1, 0, 0, 0))).startsWith("copying 100 %");
    }

    @Test
    void rateIsThatOfTheLastSeconds() {
        text.of(new Copying(0, 1, 0, 0, 0, 1000 * MB));
        text.of(new Copying(100 * SECOND, 1, 0, 0, 100 * MB, 1000 * MB));

        assertThat(text.of(new Copying(102 * SECOND, 1, 0, 0, 120 * MB, 1000 * MB)))
                .contains("10.0 MB/s");
    }

    @Test
    void lagInSecondsIsTheAgeOfTheFirstLogEndNotReached() {
        text.of(new Following(0, 0, lsn(100), lsn(100), 0));
        text.of(new Following(SECOND, 0, lsn(100), lsn(200), 0));
        text.of(new Following(3 * SECOND, 0, lsn(150), lsn(300), 0));

        assertThat(text.of(new Following(4 * SECOND, 8000, lsn(150), lsn(2450), 1_000)))
                .isEqualTo("following  2,000 changes/s  lag 2.3 kB, 3.0 s  last commit 00:00:01");
        assertThat(text.of(new Following(5 * SECOND, 8000, lsn(2450), lsn(2450), 1_000)))
                .contains("lag 0 B, 0.0 s");
    }

    @Test
    void countsThatBeginAgainAreNoNegativeRate() {
        text.of(new Following(0, 5000, lsn(1), lsn(1), 0));

        assertThat(text.of(new Following(SECOND, 10, lsn(1), lsn(1), 0))).startsWith("following  0 changes/s");
    }

    @Test
    void silentServerIsNamed() {
        assertThat(text.of(new Blind(0, "source FromPG does not answer: refused")))
                .isEqualTo("source FromPG does not answer: refused");
    }

    private static Lsn lsn(long value) {
        return new Lsn(value);
    }
}
