package io.sluice.job.config;

import io.sluice.job.config.yaml.MalformedYamlException;
import io.sluice.job.config.yaml.YamlParser;
import io.sluice.job.config.yaml.YamlValue;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;

/**
 * A pipeline as its file describes it, read and checked; nothing in it needs a server to be known. Secrets
 * are still references: the object may travel in a job graph.
 */
public record PipelineConfig(PipelineSettings pipeline, SourceConfig source, TargetConfig target, FlinkSettings flink)
        implements Serializable {
    private static final Comparator<Fault> IN_ORDER_OF_THE_FILE =
            Comparator.comparingInt(fault -> fault.line() == null ? Integer.MAX_VALUE : fault.line());

    /** Reads a file; all its faults come in one exception. */
    public static PipelineConfig load(Path file) throws InvalidConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw invalid(file.toString(), "does not exist; check the path given with -c");
        } catch (CharacterCodingException e) {
            throw invalid(file.toString(), "is not UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            String reason =
                    Files.isDirectory(file) ? "it is a directory" : e.getClass().getSimpleName();
            throw invalid(file.toString(), "can not be read (" + reason + "); check the path and its permissions");
        }
        return parse(file.toString(), text);
    }

    /**
     * Reads a text.
     *
     * @param origin where the text comes from, for messages
     */
    public static PipelineConfig parse(String origin, String text) throws InvalidConfigException {
        ConfigReader.Result result = new ConfigReader().read(root(origin, text));
        if (!result.faults().isEmpty()) {
            throw new InvalidConfigException(
                    origin,
                    result.faults().stream()
                            .distinct()
                            .sorted(IN_ORDER_OF_THE_FILE)
                            .toList());
        }
        return new ConfigBuilder(result.values()).build(result.flink());
    }

    /** What is allowed, but should be thought about. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        warnOfLiteral("source", source.connection(), warnings);
        warnOfLiteral("target", target.connection(), warnings);
        return List.copyOf(warnings);
    }

    /** Flink's configuration of the job: the keys that stand for an option of Flink, and those given to it directly. */
    public Configuration flinkConfiguration() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.NAME, pipeline.name());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, pipeline.checkpointInterval());
        if (pipeline.parallelism() != null) {
            configuration.set(CoreOptions.DEFAULT_PARALLELISM, pipeline.parallelism());
        }
        if (pipeline.state().backend() != null) {
            configuration.set(
                    StateBackendOptions.STATE_BACKEND, pipeline.state().backend());
        }
        if (pipeline.state().checkpointDir() != null) {
            configuration.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY, pipeline.state().checkpointDir());
        }
        configuration.addAll(flink.configuration());
        return configuration;
    }

    private static YamlValue.Mapping root(String origin, String text) throws InvalidConfigException {
        try {
            YamlValue value = YamlParser.parse(text)
                    .orElseThrow(() -> invalid(origin, "is empty; it needs the sections source and target"));
            if (value instanceof YamlValue.Mapping mapping) {
                return mapping;
            }
        } catch (MalformedYamlException e) {
            throw invalid(origin, e.getMessage());
        }
        throw invalid(origin, "holds no sections; write keys below source:, target:, pipeline: and flink:");
    }

    private static InvalidConfigException invalid(String origin, String rule) {
        return new InvalidConfigException(origin, List.of(Fault.ofFile(rule)));
    }

    private static void warnOfLiteral(String section, ConnectionConfig connection, List<String> warnings) {
        if (connection.credentials().password().exposesSecret()) {
            warnings.add(
                    section + ".password stands in the file; a reference, ${env:NAME} or ${file:PATH}, keeps it out"
                            + " of the job graph too");
        }
        TlsConfig.ClientCertificate client = connection.tls().client();
        if (client != null && client.key() instanceof ConfigText.Hidden key && key.isPem()) {
            warnings.add(section + ".ssl-client-key stands in the file; use ${file:PATH}");
        }
    }
}
