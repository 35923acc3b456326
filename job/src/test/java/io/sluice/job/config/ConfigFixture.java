package io.sluice.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A right configuration as flat lines, in which a test sets or removes keys. */
final class ConfigFixture {
    private final Map<String, String> lines = new LinkedHashMap<>();

    private ConfigFixture() {
        with("source.connection-name", "FromPG");
        with("source.host", "source.example.com");
        with("source.username", "reader");
        with("source.password", "${env:SOURCE_PASSWORD}");
        with("source.database-name", "shop");
        with("source.schema", "public");
        with("source.table", "orders");
        with("source.replication-method", "LOG_BASED");
        with("target.connection-name", "ToPG");
        with("target.host", "target.example.com");
        with("target.username", "writer");
        with("target.password", "${file:/run/secrets/pw}");
        with("target.database-name", "warehouse");
        with("target.schema", "public");
        with("target.table", "orders");
    }

    static ConfigFixture config() {
        return new ConfigFixture();
    }

    ConfigFixture with(String key, String yamlValue) {
        lines.put(key, yamlValue);
        return this;
    }

    ConfigFixture without(String key) {
        lines.remove(key);
        return this;
    }

    PipelineConfig parse() {
        try {
            return PipelineConfig.parse("test.yaml", yaml());
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    List<Fault> faults() {
        return faultsOf(yaml());
    }

    /** The only fault there is. */
    Fault fault() {
        List<Fault> faults = faults();
        assertThat(faults).hasSize(1);
        return faults.get(0);
    }

    static List<Fault> faultsOf(String yaml) {
        return invalid(yaml).faults();
    }

    static InvalidConfigException invalid(String yaml) {
        InvalidConfigException thrown =
                catchThrowableOfType(InvalidConfigException.class, () -> PipelineConfig.parse("test.yaml", yaml));
        assertThat(thrown).as("the configuration is refused").isNotNull();
        return thrown;
    }

    String yaml() {
        StringBuilder yaml = new StringBuilder();
        for (String section : List.of("pipeline", "source", "target", "flink")) {
            yaml.append(section).append(":\n");
            lines.forEach((key, value) -> {
                if (key.startsWith(section + ".")) {
                    yaml.append("  ")
                            .append(key.substring(section.length() + 1))
                            .append(": ");
                    yaml.append(value).append('\n');
                }
            });
        }
        return yaml.toString();
    }
}
