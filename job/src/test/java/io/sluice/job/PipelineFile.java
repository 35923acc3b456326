package io.sluice.job;

import io.sluice.job.config.InvalidConfigException;
import io.sluice.job.config.PipelineConfig;
import io.sluice.testkit.PostgresServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pipeline's file between databases of test servers, in which a test sets keys. */
public final class PipelineFile {
    private final Map<String, String> lines = new LinkedHashMap<>();

    private PipelineFile() {}

    /** All of schema public, to the same names, by LOG_BASED. */
    public static PipelineFile between(
            PostgresServer source, String sourceDatabase, PostgresServer target, String targetDatabase) {
        return of(source.host(), target.host())
                .with("source.port", Integer.toString(source.port()))
                .with("source.database-name", sourceDatabase)
                .with("target.port", Integer.toString(target.port()))
                .with("target.database-name", targetDatabase);
    }

    /** The same, of servers that need not exist. */
    public static PipelineFile of(String sourceHost, String targetHost) {
        return new PipelineFile()
                .side("source", "FromPG", sourceHost)
                .side("target", "ToPG", targetHost)
                .with("pipeline.name", "shop")
                .with("source.schema", "public")
                .with("source.table", "/.*/")
                .with("source.replication-method", "LOG_BASED")
                .with("target.schema", "public")
                .with("target.table", "${table}");
    }

    public PipelineFile with(String key, String value) {
        lines.put(key, value);
        return this;
    }

    public PipelineConfig config() {
        try {
            return PipelineConfig.parse("test.yaml", yaml());
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    public String yaml() {
        StringBuilder yaml = new StringBuilder();
        for (String section : List.of("pipeline", "source", "target", "flink")) {
            yaml.append(section).append(":\n");
            lines.forEach((key, value) -> {
                if (key.startsWith(section + ".")) {
                    yaml.append("  ")
                            .append(key.substring(section.length() + 1))
                            .append(": \"")
                            .append(value)
                            .append("\"\n");
                }
            });
        }
        return yaml.toString();
    }

    private PipelineFile side(String side, String name, String host) {
        return with(side + ".connection-name", name)
                .with(side + ".host", host)
                .with(side + ".database-name", "shop")
                .with(side + ".username", PostgresServer.USER)
                .with(side + ".password", PostgresServer.PASSWORD);
    }
}
