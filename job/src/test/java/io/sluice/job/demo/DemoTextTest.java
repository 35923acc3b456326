package io.sluice.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemoTextTest {
    private static final List<Duration> HUNDRED =
            IntStream.rangeClosed(1, 100).mapToObj(Duration::ofMillis).toList();

    @Test
    void percentileIsTheSmallestValueThatSoManyAreNotAbove() {
        assertThat(DemoText.percentile(HUNDRED, 50)).hasMillis(50);
        assertThat(DemoText.percentile(HUNDRED, 99)).hasMillis(99);
        assertThat(DemoText.percentile(HUNDRED, 100)).hasMillis(100);
    }

    @Test
    void percentilesOfFewValuesAreAmongThem() {
        List<Duration> three = HUNDRED.subList(0, 3);

        assertThat(DemoText.percentile(three, 50)).hasMillis(2);
        assertThat(DemoText.percentile(three, 95)).hasMillis(3);
        assertThat(DemoText.percentile(three.subList(0, 1), 1)).hasMillis(1);
    }

    @Test
    void nothingMeasuredIsSaid() {
        assertThat(DemoText.delays("calm:", List.of())).isEqualTo("calm: none measured");
    }
}
