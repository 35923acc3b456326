package io.sluice.job.cli;

import io.sluice.job.demo.Demo;
import io.sluice.job.progress.Display;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice demo}: everything, on two servers of its own. */
@Command(
        name = "demo",
        usageHelpAutoWidth = true,
        header = "Shows it all on two servers of its own, failures included.",
        description = {
            "Starts two PostgreSQL servers of its own and fills one with some millions of rows; copies them to the other;"
                    + " follows a live load on them; kills the TaskManager and then the whole cluster meanwhile; and"
                    + " compares both servers row by row at the end.",
            "",
            "Needs nothing but Java: the servers come with the build, listen on loopback and are gone afterwards."
                    + " It takes a minute or two, two cores and 3 GB of disk."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:the last line is \"demo: identical\"", " 1:it is \"demo: N differences\", or it failed"})
final class DemoCommand implements Callable<Integer> {
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(2);

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    private boolean help;

    @Override
    public Integer call() throws Exception {
        Display display = Terminal.isInteractive() ? Display.live(System.out) : Display.log(System.out, LOG_INTERVAL);
        long differences = Demo.run(display);
        System.out.println(differences == 0 ? "demo: identical" : "demo: " + differences + " differences");
        return differences == 0 ? 0 : SluiceCommand.FAILED;
    }
}
