package io.sluice.job.system;

import io.sluice.job.config.InvalidConfigException;
import io.sluice.job.config.PipelineConfig;
import io.sluice.testkit.PostgresServer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A pipeline's YAML file between two servers of the testkit, in which a test sets keys. */
final class PipelineFile {
    private final Map<String, Map<String, String>> sections = new TreeMap<>();

    private PipelineFile() {}

    static PipelineFile between(PostgresServer source, PostgresServer target) {
        return between(source.port(), target.port());
    }

    static PipelineFile between(int sourcePort, int targetPort) {
        PipelineFile file = new PipelineFile()
                .with("pipeline.name", "system-test")
                .with("pipeline.checkpoint-interval", "500 ms")
                .with("pipeline.parallelism", "2")
                .with("source.replication-method", "LOG_BASED")
                .with("source.schema", "public")
                .with("source.table", "/.*/")
                .with("source.break-at-no-data-received", "0")
                .with("target.schema", "public")
                .with("target.table", "${table}")
                .with("target.hard-delete", "true")
                .with("target.parallelism", "2")
                .with("flink.restart-strategy.type", "fixed-delay")
                .with("flink.restart-strategy.fixed-delay.attempts", "1000")
                .with("flink.restart-strategy.fixed-delay.delay", "200 ms");
        file.connection("source", sourcePort);
        file.connection("target", targetPort);
        return file;
    }

    PipelineFile with(String key, String value) {
        int dot = key.indexOf('.');
        sections.computeIfAbsent(key.substring(0, dot), s -> new LinkedHashMap<>())
                .put(key.substring(dot + 1), value);
        return this;
    }

    String text() {
        StringBuilder yaml = new StringBuilder();
        sections.forEach((section, keys) -> {
            yaml.append(section).append(":\n");
            keys.forEach((key, value) -> yaml.append("  ")
                    .append(key)
                    .append(": \"")
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"\n"));
        });
        return yaml.toString();
    }

    PipelineConfig parse() {
        try {
            return PipelineConfig.parse("system-test.yaml", text());
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private void connection(String section, int port) {
        with(section + ".connection-name", section);
        with(section + ".host", "127.0.0.1");
        with(section + ".port", Integer.toString(port));
        with(section + ".username", PostgresServer.USER);
        with(section + ".password", PostgresServer.PASSWORD);
        with(section + ".database-name", "postgres");
    }
}
