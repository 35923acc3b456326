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
            for (int run = 0; run <= options.runs; run++) {
                for (String side : options.sides()) {
                    equal &= copy(sides, report, expected, run, side);
                }
            }
        }
        report.end();
        return equal ? 0 : 1;
    }

    /** Run 0 is there to warm up whatever gets warm. */
    private boolean copy(Sides sides, Report report, List<String> expected, int run, String side) throws Exception {
        Servers servers = sides.servers();
        String database = servers.target().createDatabase();
        boolean equal;
        try (Contender contender = sides.contender(side, run)) {
            contender.prepare(database);
            servers.settle();
            long start = System.nanoTime();
            contender.start();
            Clock.until(PATIENCE, side + "'s copy", contender::copied);
            Duration time = Clock.since(start);
            if (run == 0) {
                report.warmedUp(side, time);
            } else {
                report.add(side, time, rows);
            }
            equal = sides.equal(side, expected, database);
        }
        sides.drop(database);
        return equal;
    }
}
