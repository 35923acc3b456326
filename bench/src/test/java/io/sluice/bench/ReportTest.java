package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Report report = new Report("snapshot", false);

    @Test
    void lastLineHoldsMediansAndTheirRatio() {
        for (int millis : new int[] {3000, 90_000, 4000}) {
            report.add("sluice", Duration.ofMillis(millis), 1);
        }
        for (int millis : new int[] {5000, 1000, 7000}) {
            report.add("native", Duration.ofMillis(millis), 1);
        }

        assertThat(report.json())
                .isEqualTo("{\"case\":\"snapshot\",\"sluice_s\":4.000,\"native_s\":5.000,\"ratio\":0.800}");
    }

    @Test
    void medianOfAnEvenNumberIsTheMiddleOfTheMiddleTwo() {
        report.add("sluice", Duration.ofMillis(1000), 1);
        report.add("sluice", Duration.ofMillis(2000), 1);

        assertThat(report.json()).contains("\"sluice_s\":1.500");
    }

    @Test
    void sideThatDidNotRunIsNull() {
        report.add("native", Duration.ofMillis(1000), 1);

        assertThat(report.json())
                .isEqualTo("{\"case\":\"snapshot\",\"sluice_s\":null,\"native_s\":1.000,\"ratio\":null}");
    }
}
