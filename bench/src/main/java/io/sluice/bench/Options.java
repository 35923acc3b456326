package io.sluice.bench;

import java.util.List;
import picocli.CommandLine.Option;

/** What all cases can be told. */
final class Options {
    /** Who runs. */
    enum Who {
        BOTH,
        SLUICE,
        NATIVE
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    boolean help;

    @Option(names = "--runs", paramLabel = "N", description = "Runs of each side (default: ${DEFAULT-VALUE}).")
    int runs = 3;

    @Option(
            names = "--postgres",
            paramLabel = "MAJOR",
            description = "Version of embedded servers, 14 to 18; 0 takes what is installed, or else 17"
                    + " (default: ${DEFAULT-VALUE}).")
    int postgres = 0;

    @Option(
            names = "--native-options",
            paramLabel = "LIST",
            description = "Options of CREATE SUBSCRIPTION, such as \"binary = true\" (default: none, as a server has"
                    + " it).")
    String nativeOptions = "";

    @Option(names = "--only", paramLabel = "SIDE", description = "Run one side alone: sluice or native.")
    Who only = Who.BOTH;

    @Option(names = "--json", description = "Print the last line only.")
    boolean json;

    Servers servers() {
        return Servers.start(postgres);
    }

    List<String> sides() {
        return switch (only) {
            case BOTH -> List.of("sluice", "native");
            case SLUICE -> List.of("sluice");
            case NATIVE -> List.of("native");
        };
    }

    Report report(String name) {
        return new Report(name, !json);
    }
}
