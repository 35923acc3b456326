package io.sluice.job.demo;

import io.sluice.job.config.InvalidConfigException;
import io.sluice.job.config.PipelineConfig;
import io.sluice.job.local.LocalPipeline;
import io.sluice.job.local.Outcome;
import io.sluice.job.local.PipelineWatch;
import io.sluice.job.preflight.Finding;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.preflight.Preflight;
import io.sluice.job.progress.Display;
import io.sluice.job.progress.ProgressText;
import io.sluice.job.progress.Sample;
import io.sluice.job.progress.Watch;
import io.sluice.job.verify.TableComparison;
import io.sluice.job.wiring.ConnectionWiring;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The whole way on two servers of its own: copy, follow a live load through a lost TaskManager and a lost cluster,
 * compare. What it tells goes to a display.
 */
public final class Demo {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int EXAMPLES = 10;

    private final Display display;
    private final DemoServers servers;
    private final PipelineConfig config;
    private final ProgressText text = new ProgressText(ZoneId.systemDefault());

    private Demo(Display display, DemoServers servers) throws InvalidConfigException {
        this.display = display;
        this.servers = servers;
        this.config = PipelineConfig.parse("demo.yaml", servers.yaml());
    }

    /** @return the number of rows that differ at the end */
    public static long run(Display display) throws Exception {
        display.show("starting two PostgreSQL servers ...");
        try (DemoServers servers = DemoServers.start()) {
            display.say("two PostgreSQL " + servers.source().majorVersion() + " servers: source on port "
                    + servers.source().port() + ", target on port "
                    + servers.target().port());
            return new Demo(display, servers).run();
        }
    }

    private long run() throws Exception {
        display.show("filling the source ...");
        Shop.open(servers.source());
        servers.target().execute("postgres", "CREATE DATABASE " + Shop.DATABASE);
        Shop.Size size = Shop.size(servers.source());
        display.say(DemoText.filled(Shop.TABLES.size(), size));

        copyAndFollow(size);
        display.show("comparing ...");
        return compare();
    }

    private void copyAndFollow(Shop.Size size) throws Exception {
        DelayProbe probe;
        LiveLoad load;
        List<Duration> calm;
        try (LocalPipeline first = start()) {
            long start = System.nanoTime();
            watch(first, PATIENCE, sample -> sample instanceof Sample.Following);
            display.say(DemoText.copied(size, since(start)));
            load = LiveLoad.start(servers.source());
            probe = DelayProbe.start(servers.source(), servers.target());
            display.say("a live load begins: inserts, updates, deletes, changed keys, a transaction of 200 000 rows");
            watch(first, Duration.ofSeconds(2), sample -> false);
            load.bulk();
            watch(first, Duration.ofSeconds(2), sample -> false);
            display.say("the TaskManager is killed; Flink starts the job again from its last checkpoint");
            calm = probe.delays();
            first.cluster().replaceTaskManager();
            watch(first, Duration.ofSeconds(3), sample -> false);
            display.say("the whole cluster is killed, checkpoints and all; a new one goes on from the target's ledger");
        }
        try (LocalPipeline second = start()) {
            watch(second, Duration.ofSeconds(5), sample -> false);
            long loadEnd = System.nanoTime();
            probe.stopSending();
            load.close();
            Lsn end = logEnd();
            watch(second, PATIENCE, sample -> reached(sample, end));
            display.say(DemoText.followed(load.transactions(), load.changes(), since(loadEnd)));
            probe.close();
            display.say("from commit in the source to visible in the target,");
            display.say(DemoText.delays("  before the failures:", calm));
            display.say(DemoText.delays("  failures included:  ", probe.delays()));
            if (!second.stop(PATIENCE)) {
                throw new IllegalStateException("the pipeline did not stop in good order");
            }
        }
    }

    private long compare() throws SQLException {
        long start = System.nanoTime();
        long rows = 0;
        long differences = 0;
        try (Connection source = Connections.query(
                        ConnectionWiring.settings(config.source().connection()), "sluice demo compare");
                Connection target = Connections.query(
                        ConnectionWiring.settings(config.target().connection()), "sluice demo compare")) {
            TableComparison comparison = new TableComparison(source, target);
            for (TableName table : Shop.TABLES) {
                TableComparison.Result result = comparison.compare(table, table, EXAMPLES);
                result.examples().forEach(example -> display.say(table + ": " + example));
                rows += result.rows();
                differences += result.differences();
            }
        }
        display.say(DemoText.compared(rows, Shop.TABLES.size(), since(start)));
        return differences;
    }

    private LocalPipeline start() throws InterruptedException {
        Inspection inspection = Preflight.inspect(config);
        if (inspection.hasErrors()) {
            throw new IllegalStateException("the demo's own servers are not fit: "
                    + inspection.findings().stream().filter(Finding::isError).toList());
        }
        return LocalPipeline.start(config, inspection);
    }

    /** Shows progress until that is the case, or for that time when it never is. */
    private void watch(LocalPipeline pipeline, Duration time, Predicate<Sample> until) throws Exception {
        long start = System.nanoTime();
        try (Watch watch = PipelineWatch.of(
                config, Preflight.inspect(config), pipeline.cluster().metrics())) {
            while (since(start).compareTo(time) < 0) {
                Sample sample = watch.look();
                display.show(text.of(sample));
                if (until.test(sample)) {
                    return;
                }
                Optional<Outcome> outcome = pipeline.job().await(LOOK);
                if (outcome.isPresent()) {
                    throw ended(outcome.get());
                }
            }
        }
    }

    private static IllegalStateException ended(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                ? new IllegalStateException(
                        "the pipeline failed: " + failed.reason().getMessage(), failed.reason())
                : new IllegalStateException("the pipeline ended, which nobody asked it to do");
    }

    private static boolean reached(Sample sample, Lsn end) {
        return sample instanceof Sample.Following following
                && !following.applied().isBefore(end);
    }

    private Lsn logEnd() throws SQLException {
        return Lsn.parse(servers.source()
                .query(Shop.DATABASE, "SELECT pg_current_wal_lsn()::text")
                .get(0)
                .get(0));
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
