package io.sluice.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.testkit.Await;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class SinkIT {
    private static final FlushPolicy.Scope FLUSH_SCOPE = FlushPolicy.Scope.FULL_TABLE_ONLY;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 16)
    static PostgresServer server;

    @TempDir
    Path folder;

    private final List<SinkJob> opened = new ArrayList<>();
    private String database;

    @BeforeEach
    void freshDatabase() throws Exception {
        FailWhenTold.at(Set.of());
        database = server.createDatabase();
    }

    @AfterEach
    void endJobs() throws Exception {
        for (SinkJob jobs : opened) {
            jobs.endAll();
        }
    }

    @Test
    @DisplayName("S1: writers that end have their last unit committed")
    void boundedInput() throws Exception {
        SinkJob jobs = jobs(Duration.ZERO, 10);
        SinkJob.finish(jobs.start(500, 3));
        jobs.assertHolds(500);
    }

    @Test
    @DisplayName("F3: tasks that fail and connections that are cut lose and repeat nothing")
    void failures() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long last = 3000;
        Set<Long> failures = new TreeSet<>();
        while (failures.size() < 4) {
            failures.add(1 + random.nextLong(last - 1));
        }
        FailWhenTold.at(failures);
        SinkJob jobs = jobs(Duration.ofMillis(1), 10);
        JobClient job = jobs.start(last, 3);
        for (long number = 400; number < last; number += 200 + random.nextInt(600)) {
            jobs.awaitTransaction(number);
            jobs.cutConnections();
        }
        SinkJob.finish(job);
        assertThat(FailWhenTold.left()).isZero();
        jobs.assertHolds(last);
    }

    @Test
    void stopsAndGoesOnWithOtherWriters() throws Exception {
        long last = 2500;
        SinkJob jobs = jobs(Duration.ofMillis(1), 10);
        JobClient first = jobs.start(last, 2);
        jobs.awaitTransaction(300);
        String savepoint = jobs.stopWithSavepoint(first);
        jobs.assertHolds(jobs.lastApplied());

        JobClient second = jobs.start(last, 4, savepoint);
        jobs.awaitTransaction(jobs.lastApplied() + 300);
        savepoint = jobs.stopWithSavepoint(second);
        jobs.assertHolds(jobs.lastApplied());

        SinkJob.finish(jobs.start(last, 1, savepoint));
        jobs.assertHolds(last);
    }

    @Test
    @DisplayName("F3: a fork of a plain savepoint repeats nothing of what the first job went on to do")
    void fork() throws Exception {
        long last = 2000;
        SinkJob jobs = jobs(Duration.ofMillis(1), 10);
        JobClient first = jobs.start(last, 2);
        jobs.awaitTransaction(300);
        String savepoint = jobs.savepoint(first);
        jobs.awaitTransaction(jobs.lastApplied() + 500);
        first.cancel().get();
        SinkJob.awaitEnd(first, JobStatus.CANCELED);

        SinkJob.finish(jobs.start(last, 3, savepoint));
        jobs.assertHolds(last);
    }

    @Test
    @DisplayName("S4: a commit that waits for a lock ends at once when the job is cancelled")
    void cancelledCommit() throws Exception {
        SinkJob jobs = jobs(Duration.ofMillis(1), 10);
        JobClient job = jobs.start(1_000_000, 2);
        jobs.awaitTransaction(100);
        cancelWhile("select * from _sluice.pipeline for update", jobs, job);
        jobs.assertHolds(jobs.lastApplied());
    }

    @Test
    @DisplayName("S4: a writer that waits for a lock ends at once when the job is cancelled")
    void cancelledWriter() throws Exception {
        SinkJob jobs = jobs(Duration.ofMillis(1), 50_000);
        JobClient job = jobs.startWithoutCommits(
                new FlushPolicy(10_000, 64 << 20, Duration.ofMillis(300), Duration.ZERO, FLUSH_SCOPE));
        Await.until(PATIENCE, "rows to be staged", () -> staged() > 0);
        String table = server.query(database, "select name from _sluice.staging where unit is not null")
                .get(0)
                .get(0);
        cancelWhile("lock table _sluice." + table + " in access exclusive mode", jobs, job);
    }

    private void cancelWhile(String lock, SinkJob jobs, JobClient job) throws Exception {
        try (Connection other = server.connect(database);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(lock);
            Await.until(PATIENCE, "the sink to wait for the lock", () -> !server.query(
                            database,
                            "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and application_name like 'sluice %' and datname = current_database()")
                    .isEmpty());
            long before = System.nanoTime();
            job.cancel().get();
            SinkJob.awaitEnd(job, JobStatus.CANCELED);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
            other.rollback();
        }
        Await.until(PATIENCE, "the sink's sessions to end", () -> jobs.sessions() == 0);
    }

    /** Staging tables that hold rows of a unit. */
    private long staged() throws SQLException {
        return Long.parseLong(server.query(database, "select count(*) from _sluice.staging where unit is not null")
                .get(0)
                .get(0));
    }

    @Test
    @DisplayName("S2: what a dead writer staged is dropped, what a live one staged is not")
    void orphans() throws Exception {
        long last = 300;
        FailWhenTold.at(Set.of(120L, 210L));
        SinkJob jobs = jobs(Duration.ofMillis(2), 100_000);
        SinkJob.finish(jobs.start(last, 2));
        jobs.assertHolds(last);
        assertThat(server.query(database, "select count(distinct incarnation) <= 2, count(*) > 0 from _sluice.staging"))
                .as("staging tables of the last attempt's two writers only")
                .containsExactly(List.of("t", "t"));
        assertThat(server.query(
                        database,
                        "select relname from pg_class where relnamespace = '_sluice'::regnamespace"
                                + " and relkind = 'r' and relname ~ '^s_' and relname not in"
                                + " (select name from _sluice.staging)"))
                .as("staging tables that nobody knows")
                .isEmpty();
    }

    @Test
    @DisplayName("M2: with an interval of zero rows are staged whenever no input waits, not at the checkpoint only")
    void flushWhenIdle() throws Exception {
        SinkJob jobs = jobs(Duration.ofMillis(50), 50_000);
        JobClient job = jobs.startWithoutCommits(
                new FlushPolicy(10_000, 64 << 20, Duration.ZERO, Duration.ofSeconds(60), FLUSH_SCOPE));
        awaitStaged(job);
    }

    @Test
    void flushAtTheInterval() throws Exception {
        SinkJob jobs = jobs(Duration.ofMillis(50), 50_000);
        JobClient job = jobs.startWithoutCommits(
                new FlushPolicy(10_000, 64 << 20, Duration.ofMillis(300), Duration.ZERO, FLUSH_SCOPE));
        awaitStaged(job);
    }

    private void awaitStaged(JobClient job) throws Exception {
        Await.until(PATIENCE, "rows to be staged", () -> staged() > 0);
        job.cancel().get();
        SinkJob.awaitEnd(job, JobStatus.CANCELED);
    }

    private SinkJob jobs(Duration pace, int noteBytes) {
        SinkJob jobs = new SinkJob(server, database, folder, new Transactions(pace, noteBytes));
        opened.add(jobs);
        return jobs;
    }
}
