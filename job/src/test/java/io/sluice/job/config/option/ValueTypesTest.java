package io.sluice.job.config.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {

    @ParameterizedTest
    @CsvSource({"0,0", "30,30", "30 s,30", "5 min,300", "5min,300", "1 h,3600", "2 d,172800", "007,7"})
    void aTimeSpanCountsInItsUnitUnlessTheTextSaysAnother(String text, long seconds) throws Exception {
        assertThat(TimeSpan.seconds().read(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aWholeNumberOfMillisecondsIsOne() throws Exception {
        assertThat(TimeSpan.serverMilliseconds().read("2147483647")).isEqualTo(Duration.ofMillis(Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "1.5 s",
                "s",
                "1 fortnight",
                "99999999999999 d",
                "999999999999999",
                "9999999999999999",
                "1 2"
            })
    void aTimeSpanThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> TimeSpan.seconds().read(text))
                .isInstanceOf(UnreadableValueException.class)
                .hasMessage(
                        "takes a whole number of seconds or a duration such as \"30 s\" or \"5 min\", zero or more");
    }

    @Test
    void aSignedTimeSpanMayBeNegative() throws Exception {
        assertThat(TimeSpan.signedSeconds().read("-5")).isEqualTo(Duration.ofSeconds(-5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "99999999999", "+1", "1 ", "١", "1.0", "", "--1"})
    void aWholeNumberIsPlainDigitsWithinItsBounds(String text) {
        assertThatThrownBy(() -> WholeNumber.from(0).read(text))
                .isInstanceOf(UnreadableValueException.class)
                .hasMessage("takes a whole number, 0 or more");
    }

    @ParameterizedTest
    @CsvSource({"128 MiB,134217728", "128 mb,134217728", "128mib,134217728", "1 KiB,1024", "2 GiB,2147483648", "5,5"})
    void aByteSizeKnowsExactAndFlinkUnits(String text, long bytes) throws Exception {
        assertThat(new ByteSize(new MemorySize(1)).read(text)).isEqualTo(new MemorySize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5 MiB", "9999999999 TiB", "MiB", ""})
    void aByteSizeThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> new ByteSize(new MemorySize(1)).read(text))
                .isInstanceOf(UnreadableValueException.class);
    }

    @Test
    void sizesAreShownInTheLargestExactUnit() {
        ByteSize type = new ByteSize(new MemorySize(1));
        assertThat(type.show(MemorySize.ofMebiBytes(16))).isEqualTo("16 MiB");
        assertThat(type.show(new MemorySize(1536))).isEqualTo("1536 bytes");
        assertThat(type.show(new MemorySize(3072))).isEqualTo("3 KiB");
    }
}
