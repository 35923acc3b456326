package io.sluice.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
    @ParameterizedTest
    @ValueSource(strings = {"0/0", "0/F0000000", "16/B374D848", "FFFFFFFF/FFFFFFFF", "80000000/1"})
    void printsWhatItParsed(String text) {
        assertThat(Lsn.parse(text)).hasToString(text);
    }

    @Test
    void lowHalfWithItsTopBitSetDoesNotSpillIntoTheHighHalf() {
        assertThat(Lsn.parse("0/F0000000").value()).isEqualTo(0xF0000000L);
    }

    @Test
    void ordersAsUnsigned() {
        assertThat(Lsn.parse("80000000/0")).isGreaterThan(Lsn.parse("7FFFFFFF/FFFFFFFF"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "0/", "/0", "0", "g/0", "0/123456789", "0/0/0", " 0/0", "-1/0"})
    void refusesGarbage(String text) {
        assertThatThrownBy(() -> Lsn.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }
}
