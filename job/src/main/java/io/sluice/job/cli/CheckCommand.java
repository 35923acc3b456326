package io.sluice.job.cli;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.preflight.Preflight;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice check}: says what a pipeline needs and lacks. */
@Command(
        name = "check",
        usageHelpAutoWidth = true,
        header = "Says what a pipeline needs and lacks; changes nothing.",
        description = {
            "Reads the file, then looks at both servers: what is missing, and how to get it.",
            "Changes nothing on either server."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the pipeline can run; there may be warnings",
            " 1:it cannot: a line beginning with \"error:\" says why, and what to do",
            " 2:the file is wrong; all its faults are listed, and no server was asked"
        },
        footerHeading = "%nExample:%n",
        footer = "  SOURCE_PASSWORD=... sluice check -c orders.yaml")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private PipelineFile file;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = file.load();
        PrintWriter out = spec.commandLine().getOut();
        Inspection inspection = Preflight.inspect(config);
        inspection.findings().forEach(out::println);
        if (inspection.hasErrors()) {
            return SluiceCommand.FAILED;
        }
        int tables = inspection.tables().size();
        out.println("ok: pipeline " + config.pipeline().name() + " can run with " + tables
                + (tables == 1 ? " table" : " tables"));
        return 0;
    }
}
