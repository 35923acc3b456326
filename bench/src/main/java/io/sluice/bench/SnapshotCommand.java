package io.sluice.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The first copy of one table. */
@Command(
        name = "snapshot",
        usageHelpAutoWidth = true,
        description = {
            "The first copy of one table: bigint key, two integers, 80 bytes of text.",
            "Timed: from the job's submission (on a cluster that runs already) or CREATE SUBSCRIPTION, slot and all,"
                    + " until the table is complete in the target, with its key."
        })
final class SnapshotCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Mixin
    private Options options;

    @Option(names = "--rows", paramLabel = "N", description = "Rows of the table (default: ${DEFAULT-VALUE}).")
    private long rows = 5_000_000;

    @Override
    public Integer call() throws Exception {
        Report report = options.report("snapshot");
        boolean equal = true;
        try (Sides sides = Sides.open(options)) {
            report.say("making " + rows + " rows ...");
            Servers servers = sides.servers();
            Accounts.create(servers.source(), rows);
            List<String> expected = Accounts.digest(servers.source(), Accounts.DATABASE);
            for (int run = 1; run <= options.runs; run++) {
                for (String side : options.sides()) {
                    String database = servers.target().createDatabase();
                    try (Contender contender = sides.contender(side, run)) {
                        contender.prepare(database);
                        servers.settle();
                        long start = System.nanoTime();
                        contender.start();
                        Clock.until(PATIENCE, side + "'s copy", contender::copied);
                        report.add(side, Clock.since(start), rows);
                        equal &= sides.equal(report, side, expected, database);
                    }
                    sides.drop(database);
                }
            }
        }
        report.end();
        return equal ? 0 : 1;
    }
}
