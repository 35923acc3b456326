package io.sluice.job.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.job.config.yaml.YamlValue.Empty;
import io.sluice.job.config.yaml.YamlValue.Entry;
import io.sluice.job.config.yaml.YamlValue.Items;
import io.sluice.job.config.yaml.YamlValue.Mapping;
import io.sluice.job.config.yaml.YamlValue.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlParserTest {

    @ParameterizedTest
    @ValueSource(strings = {"0123", "1_000", "1e5", "0x1F", "yes", "TRUE", "12:30:45", "2026-01-01", "1.50"})
    void plainTextsAreNotRetyped(String text) throws Exception {
        assertThat(YamlParser.parse("a: " + text))
                .contains(new Mapping(1, List.of(new Entry("a", 1, new Scalar(1, text)))));
    }

    @Test
    void linesAreCountedFromOne() throws Exception {
        assertThat(YamlParser.parse("# c\na: 1\nb:\n  - x\n  -\n"))
                .contains(new Mapping(
                        2,
                        List.of(
                                new Entry("a", 2, new Scalar(2, "1")),
                                new Entry("b", 3, new Items(4, List.of(new Scalar(4, "x"), new Empty(5)))))));
    }

    @Test
    void aKeyThatStandsTwiceIsKeptTwice() throws Exception {
        assertThat(YamlParser.parse("a: 1\na: 2\n").orElseThrow())
                .isInstanceOfSatisfying(
                        Mapping.class, mapping -> assertThat(mapping.entries()).hasSize(2));
    }

    @Test
    void aliasesAreFollowed() throws Exception {
        assertThat(YamlParser.parse("a: &x 1\nb: *x\n").orElseThrow())
                .isEqualTo(new Mapping(
                        1, List.of(new Entry("a", 1, new Scalar(1, "1")), new Entry("b", 2, new Scalar(1, "1")))));
    }

    @Test
    void anEmptyTextHoldsNothing() throws Exception {
        assertThat(YamlParser.parse("")).isEmpty();
        assertThat(YamlParser.parse("---\n...\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [1",
                "a: 'x",
                "a:\n\t- b",
                "a: &r [*r]",
                "? [x, y]\n: 1",
                "a: 1\n---\nb: 2\n",
                "a: b: c",
                "a: @x"
            })
    void brokenTextsAreRefusedWithLineAndColumn(String text) {
        assertThatThrownBy(() -> YamlParser.parse(text))
                .isInstanceOf(MalformedYamlException.class)
                .hasMessageMatching("(?s)is not valid YAML: line \\d+, column \\d+: .+");
    }

    @Test
    void charactersThatYamlForbidsAreRefused() {
        assertThatThrownBy(() -> YamlParser.parse("a: \u0001"))
                .isInstanceOf(MalformedYamlException.class)
                .hasMessageContaining("position 4");
    }
}
