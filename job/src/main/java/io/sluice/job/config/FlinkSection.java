package io.sluice.job.config;

import static java.util.stream.Collectors.joining;

import io.sluice.job.config.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The section {@code flink}: dotted or nested keys, lists joined as Flink reads them. */
final class FlinkSection {
    private static final String EXAMPLE = "taskmanager.numberOfTaskSlots: 4";

    private final Map<String, YamlValue.Scalar> options = new LinkedHashMap<>();
    private final List<Fault> faults;

    FlinkSection(List<Fault> faults) {
        this.faults = faults;
    }

    void read(YamlValue.Mapping section) {
        read("", section);
    }

    FlinkSettings settings() {
        Map<String, String> texts = new LinkedHashMap<>();
        options.forEach((key, value) -> texts.put(key, value.text()));
        return new FlinkSettings(texts);
    }

    Configuration configuration() {
        return settings().configuration();
    }

    /** A fault of an option, shown under whichever of its names the file uses. */
    Fault fault(ConfigOption<?> option, String rule) {
        String key = option.key();
        for (var other : option.fallbackKeys()) {
            if (!options.containsKey(key) && options.containsKey(other.getKey())) {
                key = other.getKey();
            }
        }
        YamlValue.Scalar value = options.get(key);
        return value == null
                ? new Fault("flink." + key, null, null, rule, null)
                : new Fault("flink." + key, value.line(), FlinkSettings.shown(key, value.text()), rule, null);
    }

    private void read(String prefix, YamlValue.Mapping mapping) {
        for (YamlValue.Entry entry : mapping.entries()) {
            String key = prefix + entry.key();
            if (entry.value() instanceof YamlValue.Mapping nested) {
                read(key + ".", nested);
            } else if (entry.value() instanceof YamlValue.Items items) {
                readList(key, items);
            } else if (entry.value() instanceof YamlValue.Scalar scalar) {
                add(key, scalar);
            } else {
                fault(key, entry.line(), "has no value; give one, or leave the key out");
            }
        }
    }

    private void readList(String key, YamlValue.Items items) {
        if (items.values().stream().allMatch(YamlValue.Scalar.class::isInstance)) {
            String joined = items.values().stream()
                    .map(item -> ((YamlValue.Scalar) item).text())
                    .collect(joining(";"));
            add(key, new YamlValue.Scalar(items.line(), joined));
        } else {
            fault(key, items.line(), "takes a value or a list of plain values");
        }
    }

    private void add(String key, YamlValue.Scalar value) {
        if (References.LOOKS_LIKE_ONE.matcher(value.text()).find()) {
            fault(
                    key,
                    value.line(),
                    "holds a reference, but Flink resolves none; give it in Flink's own configuration");
        } else if (options.putIfAbsent(key, value) != null) {
            fault(key, value.line(), "stands in the file twice; remove one");
        }
    }

    private void fault(String key, int line, String rule) {
        faults.add(new Fault("flink." + key, line, null, rule, EXAMPLE));
    }
}
