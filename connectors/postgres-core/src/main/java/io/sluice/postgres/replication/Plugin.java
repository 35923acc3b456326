package io.sluice.postgres.replication;

import java.util.Locale;
import java.util.Optional;

/** An output plugin whose messages can be read. */
public enum Plugin {
    PGOUTPUT,
    WAL2JSON;

    /** As the server calls it. */
    public String pluginName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The plugin that the server calls so; empty when its messages cannot be read. */
    public static Optional<Plugin> named(String pluginName) {
        for (Plugin plugin : values()) {
            if (plugin.pluginName().equals(pluginName)) {
                return Optional.of(plugin);
            }
        }
        return Optional.empty();
    }
}
