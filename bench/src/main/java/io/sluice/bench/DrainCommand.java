package io.sluice.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A backlog of changes. */
@Command(
        name = "drain",
        usageHelpAutoWidth = true,
        description = {
            "A backlog of changes of one table: half inserts, 40 %% updates, 10 %% deletes, in transactions of 100.",
            "Both sides copy the table and stop; the changes are made; then one after the other goes on.",
            "Timed: from the job's submission (on a cluster that runs already) or ALTER SUBSCRIPTION ENABLE until the"
                    + " last change is visible in the target. Sluice commits exactly once, every second."
        })
final class DrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Mixin
    private Options options;

    @Option(names = "--rows", paramLabel = "N", description = "Number of changes (default: ${DEFAULT-VALUE}).")
    private int changes = 1_000_000;

    @Option(
            names = "--table-rows",
            paramLabel = "N",
            description = "Rows of the table before them (default: ${DEFAULT-VALUE}).")
    private long rows = 1_000_000;

    @Override
    public Integer call() throws Exception {
        Report report = options.report("drain");
        boolean equal = true;
        try (Sides sides = Sides.open(options)) {
            Accounts.create(sides.servers().source(), rows);
            for (int run = 0; run <= options.runs; run++) {
                if (run > 0) {
                    Accounts.fill(sides.servers().source(), rows);
                }
                equal &= round(sides, report, run);
            }
        }
        report.end();
        return equal ? 0 : 1;
    }

    /** Round 0 is a small one, there to warm up whatever gets warm. */
    private boolean round(Sides sides, Report report, int run) throws Exception {
        int backlog = run == 0 ? Math.max(100, changes / 10) : changes;
        Servers servers = sides.servers();
        Map<String, Contender> waiting = new LinkedHashMap<>();
        boolean equal = true;
        try {
            for (String side : options.sides()) {
                String database = servers.target().createDatabase();
                Contender contender = sides.contender(side, run);
                waiting.put(database, contender);
                contender.prepare(database);
                contender.start();
                Clock.until(PATIENCE, side + "'s copy", contender::copied);
                contender.pause();
            }
            report.say("making " + backlog + " changes ...");
            Accounts.change(servers.source(), backlog, rows, run);
            List<String> expected = Accounts.digest(servers.source(), Accounts.DATABASE);
            for (Map.Entry<String, Contender> entry : waiting.entrySet()) {
                servers.settle();
                String side = entry.getValue().name();
                Duration time = drained(servers, entry.getKey(), entry.getValue());
                if (run == 0) {
                    report.warmedUp(side, time);
                } else {
                    report.add(side, time, backlog);
                }
                // Stopped, or it would read the log together with the next one.
                entry.getValue().pause();
                equal &= sides.equal(side, expected, entry.getKey());
            }
        } finally {
            for (Map.Entry<String, Contender> entry : waiting.entrySet()) {
                entry.getValue().close();
                sides.drop(entry.getKey());
            }
        }
        return equal;
    }

    private static Duration drained(Servers servers, String database, Contender contender) throws Exception {
        try (Connection target = servers.target().connect(database);
                Statement statement = target.createStatement()) {
            long start = System.nanoTime();
            contender.resume();
            Clock.until(PATIENCE, contender.name() + " to reach the last change", () -> hasMarker(statement));
            return Clock.since(start);
        }
    }

    private static boolean hasMarker(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT 1 FROM public." + Accounts.MARKER)) {
            return row.next();
        }
    }
}
