package io.sluice.job.config;

import io.sluice.job.config.option.Key;
import io.sluice.job.config.option.UnreadableValueException;
import io.sluice.job.config.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the tree of a file into values, collecting every fault on the way instead of stopping at the first. */
final class ConfigReader {
    static final List<Key<?>> KEYS = Stream.of(PipelineKeys.all(), SourceKeys.all(), TargetKeys.all())
            .<Key<?>>flatMap(List::stream)
            .toList();

    private static final List<String> SECTIONS = List.of("pipeline", "source", "target", "flink");
    private static final Map<String, Key<?>> BY_NAME =
            KEYS.stream().collect(Collectors.toMap(Key::name, Function.identity()));

    private final List<Fault> faults = new ArrayList<>();
    private final ConfigValues values = new ConfigValues();
    private final FlinkSection flink = new FlinkSection(faults);
    private final UnknownKeys unknownKeys = new UnknownKeys(KEYS);

    /** What was read; the values are whole only when there is no fault. */
    record Result(ConfigValues values, FlinkSettings flink, List<Fault> faults) {}

    Result read(YamlValue.Mapping root) {
        Set<String> seen = new HashSet<>();
        for (YamlValue.Entry entry : root.entries()) {
            if (!SECTIONS.contains(entry.key())) {
                faults.add(unknownSection(entry));
            } else if (!seen.add(entry.key())) {
                faults.add(new Fault(entry.key(), entry.line(), null, "stands in the file twice; remove one", null));
            } else {
                readSection(entry);
            }
        }
        checkRequired("source", values.find(SourceKeys.CONNECTOR).equals(SourceKeys.CONNECTOR.constant()));
        checkRequired("target", values.find(TargetKeys.CONNECTOR).equals(TargetKeys.CONNECTOR.constant()));
        faults.addAll(NotSupportedYet.faults(values));
        faults.addAll(new KeyRules(values).faults());
        faults.addAll(new FlinkRules(values, flink).faults());
        return new Result(values, flink.settings(), List.copyOf(faults));
    }

    private void readSection(YamlValue.Entry section) {
        if (section.value() instanceof YamlValue.Mapping mapping) {
            if (section.key().equals("flink")) {
                flink.read(mapping);
            } else {
                readKeys(section.key(), mapping);
            }
        } else if (!(section.value() instanceof YamlValue.Empty)) {
            String rule = "is a section: write its keys indented below \"" + section.key() + ":\"";
            faults.add(new Fault(section.key(), section.line(), null, rule, null));
        }
    }

    private void readKeys(String section, YamlValue.Mapping mapping) {
        Set<String> seen = new HashSet<>();
        for (YamlValue.Entry entry : mapping.entries()) {
            Key<?> key = BY_NAME.get(section + "." + entry.key());
            if (key == null) {
                faults.add(unknownKeys.fault(section, entry.key(), entry.line()));
            } else if (!seen.add(entry.key())) {
                faults.add(new Fault(key.name(), entry.line(), null, "stands in the file twice; remove one", null));
            } else {
                readValue(key, entry.value());
            }
        }
    }

    private <T> void readValue(Key<T> key, YamlValue value) {
        try {
            if (value instanceof YamlValue.Scalar scalar) {
                remember(key, value, scalar.text());
                values.put(key, key.type().read(scalar.text()));
            } else if (value instanceof YamlValue.Items items) {
                remember(key, value, String.join(", ", texts(items)));
                values.put(key, key.type().readList(texts(items)));
            } else if (value instanceof YamlValue.Mapping) {
                remember(key, value, "{...}");
                throw new UnreadableValueException("takes a value, not keys of its own");
            }
        } catch (UnreadableValueException e) {
            faults.add(values.fault(key, e.getMessage()));
        }
    }

    private void remember(Key<?> key, YamlValue value, String text) {
        values.remember(key, new ConfigValues.Given(value.line(), key.secret() ? ConfigText.Hidden.MASK : text));
    }

    /** A list's texts; what is no text becomes an empty one, which no type takes. */
    private static List<String> texts(YamlValue.Items items) {
        return items.values().stream()
                .map(item -> item instanceof YamlValue.Scalar scalar ? scalar.text() : "")
                .toList();
    }

    /** Another connector than PostgreSQL has no server, so nothing is required of its section. */
    private void checkRequired(String section, boolean isPostgres) {
        KEYS.stream()
                .filter(key -> isPostgres && key.name().startsWith(section + "."))
                .filter(key -> key.required() && !values.given(key))
                .forEach(key -> faults.add(values.fault(key, "is required")));
    }

    private static Fault unknownSection(YamlValue.Entry entry) {
        String rule = "is an unknown section; did you mean \""
                + UnknownKeys.nearest(entry.key(), SECTIONS.stream())
                + "\"? A file has the sections " + String.join(", ", SECTIONS);
        return new Fault(entry.key(), entry.line(), null, rule, null);
    }
}
