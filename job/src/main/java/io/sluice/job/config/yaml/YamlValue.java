package io.sluice.job.config.yaml;

import java.util.List;

/** A value of the file, and the line it stands on. */
public sealed interface YamlValue {
    int line();

    /** One text, exactly as it was written: {@code 0123} stays {@code 0123}. */
    record Scalar(int line, String text) implements YamlValue {}

    /** A key without a value. */
    record Empty(int line) implements YamlValue {}

    /** A list. */
    record Items(int line, List<YamlValue> values) implements YamlValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** Keys and values in the order of the file; a key may stand there twice, which its reader must refuse. */
    record Mapping(int line, List<Entry> entries) implements YamlValue {
        public Mapping {
            entries = List.copyOf(entries);
        }
    }

    /** One key and its value. */
    record Entry(String key, int line, YamlValue value) {}
}
