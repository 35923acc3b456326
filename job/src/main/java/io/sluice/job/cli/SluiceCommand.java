package io.sluice.job.cli;

import io.sluice.job.config.InvalidConfigException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice}: reads the command line and turns what happens into an exit code and one message. */
@Command(
        name = "sluice",
        description = "Moves PostgreSQL tables to PostgreSQL through Apache Flink, exactly once.",
        subcommands = {DemoCommand.class, CheckCommand.class, RunCommand.class, CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true,
        version = "sluice 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done, and all is well",
            " 1:it failed, or check found an error, or the two servers differ",
            " 2:the command line or the configuration file is wrong; nothing was touched",
            " 130:stopped by Ctrl-C, with everything that was read committed"
        },
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  sluice demo",
            "  sluice check -c orders.yaml",
            "  sluice run -c orders.yaml",
            "",
            "README.md has a first file and docs/configuration.md every key."
        })
public final class SluiceCommand implements Runnable {
    /** It failed. */
    static final int FAILED = 1;

    /** The command line or the file is wrong. */
    static final int UNUSABLE = 2;

    @Option(
            names = {"-v", "--verbose"},
            scope = CommandLine.ScopeType.INHERIT,
            description = "Logs what happens inside, and failures with their stack traces.")
    void verbose(boolean on) {
        if (on) {
            Logging.verbose();
        }
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        Logging.configure();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new SluiceCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((thrown, command, parsed) -> report(thrown, command.getErr()));
    }

    /** A wrong file is told as it is; anything else as its innermost reason. */
    private static int report(Exception thrown, PrintWriter errors) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        boolean unusable = thrown instanceof InvalidConfigException;
        errors.println(unusable ? thrown.getMessage() : "sluice: " + Reasons.of(thrown));
        if (Logging.isVerbose()) {
            thrown.printStackTrace(errors);
        }
        return unusable ? UNUSABLE : FAILED;
    }

    /** Without a command there is nothing to do but to teach. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
    }
}
