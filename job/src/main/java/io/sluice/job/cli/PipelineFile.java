package io.sluice.job.cli;

import io.sluice.job.config.InvalidConfigException;
import io.sluice.job.config.PipelineConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names a pipeline's file. */
final class PipelineFile {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    private boolean help;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The pipeline's YAML file; docs/configuration.md lists its keys.")
    private Path path;

    PipelineConfig load() throws InvalidConfigException {
        return PipelineConfig.load(path);
    }
}
