package io.sluice.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/run}: one command for each case. */
@Command(
        name = "bench/run",
        description = {
            "Times Sluice against PostgreSQL's own logical replication: the same two servers, the same data, in turn.",
            "After each run the tables are compared; the last line is JSON."
        },
        subcommands = {SnapshotCommand.class, DrainCommand.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "CASE",
        usageHelpAutoWidth = true,
        commandListHeading = "%nCases:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:all runs left equal tables", " 1:a run failed or left a difference", " 2:wrong arguments"})
public final class BenchCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a case.");
    }
}
