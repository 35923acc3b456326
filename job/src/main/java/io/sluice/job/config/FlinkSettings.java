package io.sluice.job.config;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/** Options that go to Flink as they are. */
public record FlinkSettings(Map<String, String> options) implements Serializable {
    public FlinkSettings {
        options = Map.copyOf(options);
    }

    public Configuration configuration() {
        return Configuration.fromMap(options);
    }

    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        options.forEach((key, value) -> shown.put(key, shown(key, value)));
        return "FlinkSettings" + shown;
    }

    static String shown(String key, String value) {
        return GlobalConfiguration.isSensitive(key) ? ConfigText.Hidden.MASK : value;
    }
}
