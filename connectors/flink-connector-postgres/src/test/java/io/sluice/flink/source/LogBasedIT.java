package io.sluice.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.source.option.StartupMode;
import io.sluice.flink.source.option.StopConditions;
import io.sluice.testkit.Await;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LogBasedIT {
    private static final long SEED = System.nanoTime();

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 15)
    static PostgresServer server;

    private static String database() throws Exception {
        String database = server.createDatabase();
        server.execute(
                database,
                "create table t(id int primary key, note text)",
                "create table log(at int, line text)",
                "create table filling(id int primary key, note text)",
                "insert into t select i, 'first' || i from generate_series(1, 400) i",
                "insert into filling select i, repeat('x', 80) || i from generate_series(1, 60000) i");
        return database;
    }

    private static PostgresSourceBuilder<io.sluice.postgres.change.ChangeBatch> source(String database) {
        return SourceJob.source(server, database, "t", "log", "filling")
                .allowKeyless()
                .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL));
    }

    private static void awaitAllEqual(String database) throws Exception {
        SourceJob.awaitEqual(database, server, database, "t", "id", "note");
        SourceJob.awaitEqual(database, server, database, "log", "at", "line");
        SourceJob.awaitEqual(database, server, database, "filling", "id", "note");
        assertThat(StrictTarget.of(database).faults).isEmpty();
        assertThat(StrictTarget.of(database).changes).isPositive();
    }

    private static void cancel(JobClient job, String database) throws Exception {
        job.cancel().get(30, TimeUnit.SECONDS);
        SourceJob.awaitNoConnections(server, database);
        server.execute(database, "select pg_drop_replication_slot('slot_" + database + "')");
    }

    @Test
    @DisplayName("S9: the copy and then exactly the changes that it does not hold, while others write")
    void copyAndStreamMeetExactly() throws Exception {
        String database = database();
        JobClient[] job = new JobClient[1];
        Writers.during(server, database, SEED, () -> {
            job[0] = SourceJob.run(
                    database, SourceJob.environment(100), source(database).build(), Stumble.times(database, 0, 0, 0));
            Await.until(SourceJob.PATIENCE, "changes to arrive", () -> StrictTarget.of(database).changes > 2000);
        });
        awaitAllEqual(database);
        cancel(job[0], database);
    }

    @Test
    @DisplayName("S5, S6, S10: failures while copying and while streaming lose and repeat nothing")
    void failuresEverywhere() throws Exception {
        String database = database();
        JobClient[] job = new JobClient[1];
        Writers.during(server, database, SEED + 10, () -> {
            job[0] = SourceJob.run(
                    database, SourceJob.environment(20), source(database).build(), Stumble.times(database, 6, 3, 20));
            Await.until(SourceJob.PATIENCE, "all failures", () -> Stumble.left(database) == 0);
            long changes = StrictTarget.of(database).changes;
            Await.until(SourceJob.PATIENCE, "more changes", () -> StrictTarget.of(database).changes > changes + 1000);
        });
        awaitAllEqual(database);
        assertThat(StrictTarget.of(database).snapshotsTakenBack).isZero();
        cancel(job[0], database);
    }

    @Test
    @DisplayName("F4: when the snapshot is lost its tables are copied again under another one")
    void lostSnapshotIsTakenAgain() throws Exception {
        String database = database();
        JobClient[] job = new JobClient[1];
        Writers.during(server, database, SEED + 20, () -> {
            job[0] = SourceJob.run(
                    database, SourceJob.environment(20), source(database).build(), Stumble.times(database, 1, 2, 50));
            Await.until(SourceJob.PATIENCE, "rows of the snapshot", () -> !StrictTarget.of(database)
                    .snapshots
                    .isEmpty());
            server.query(
                    database,
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice "
                            + database + " snapshot'");
            Await.until(SourceJob.PATIENCE, "another snapshot", () -> StrictTarget.of(database).snapshotsTakenBack > 0);
            Await.until(SourceJob.PATIENCE, "changes to arrive", () -> StrictTarget.of(database).changes > 100);
        });
        awaitAllEqual(database);
        cancel(job[0], database);
    }

    @Test
    @DisplayName("S6, S10: a savepoint in the middle of the stream goes on at another parallelism")
    void savepointAtAnotherParallelism(@TempDir Path folder) throws Exception {
        String database = database();
        JobClient[] job = new JobClient[1];
        Writers.during(server, database, SEED + 30, () -> {
            job[0] = SourceJob.run(
                    database, SourceJob.environment(50), source(database).build(), Stumble.times(database, 0, 0, 0));
            Await.until(SourceJob.PATIENCE, "changes to arrive", () -> StrictTarget.of(database).changes > 200);
            String savepoint = job[0].stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(30, TimeUnit.SECONDS);
            job[0] = SourceJob.run(
                    database, SourceJob.from(savepoint, 1), source(database).build(), Stumble.times(database, 0, 0, 0));
            long changes = StrictTarget.of(database).changes;
            Await.until(SourceJob.PATIENCE, "more changes", () -> StrictTarget.of(database).changes > changes + 200);
        });
        awaitAllEqual(database);
        assertThat(StrictTarget.of(database).snapshotsTakenBack).isZero();
        cancel(job[0], database);
    }

    @Test
    @DisplayName("M13: an idle table ends at the WAL's end while another table is busy")
    void endsAtTheEndOfTheWal() throws Exception {
        String database = server.createDatabase();
        server.execute(
                database,
                "create table t(id int primary key, note text)",
                "insert into t values (1, 'one')",
                "create table other(id int)");
        JobClient job = SourceJob.run(
                database,
                SourceJob.environment(50),
                SourceJob.source(server, database, "t")
                        .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL))
                        .stop(new StopConditions(Duration.ZERO, true))
                        .build(),
                Stumble.times(database, 0, 0, 0));
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        assertThat(StrictTarget.of(database).rows("public.t")).containsExactly("1|one");
        SourceJob.awaitNoConnections(server, database);
    }

    @Test
    @DisplayName("M13: ends when no change of a captured table came for a while")
    void endsWhenQuiet() throws Exception {
        String database = server.createDatabase();
        server.execute(database, "create table t(id int primary key, note text)", "insert into t values (1, 'one')");
        JobClient job = SourceJob.run(
                database,
                SourceJob.environment(50),
                SourceJob.source(server, database, "t")
                        .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL))
                        .stop(new StopConditions(Duration.ofSeconds(2), false))
                        .build(),
                Stumble.times(database, 0, 0, 0));
        Await.until(SourceJob.PATIENCE, "the copied row", () -> !StrictTarget.of(database)
                .rows("public.t")
                .isEmpty());
        server.execute(database, "update t set note = 'two'");
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        assertThat(StrictTarget.of(database).rows("public.t")).containsExactly("1|two");
        SourceJob.awaitNoConnections(server, database);
    }

    @Test
    @DisplayName("S18: the slot is confirmed up to a checkpoint whose commit is certain, never further")
    void confirmsBehindCheckpoints() throws Exception {
        String database = server.createDatabase();
        server.execute(database, "create table t(id int primary key, note text)");
        JobClient job = SourceJob.run(
                database,
                SourceJob.environment(50),
                SourceJob.source(server, database, "t")
                        .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL))
                        .build(),
                Stumble.times(database, 0, 0, 0));
        String confirmed =
                "select confirmed_flush_lsn from pg_replication_slots where slot_name = 'slot_" + database + "'";
        Await.until(
                SourceJob.PATIENCE,
                "the stream",
                () -> server.query(
                                        "postgres",
                                        "select 1 from pg_replication_slots where active and slot_name = 'slot_"
                                                + database + "'")
                                .size()
                        == 1);
        for (int i = 0; i < 3; i++) {
            server.execute(database, "insert into t values (" + i + ", 'x')");
            String now = server.query("postgres", "select pg_current_wal_insert_lsn()")
                    .get(0)
                    .get(0);
            Await.until(SourceJob.PATIENCE, "the slot to be confirmed past " + now, () -> server.query(
                            "postgres", "select ((" + confirmed + ") >= '" + now + "')::text")
                    .get(0)
                    .get(0)
                    .equals("true"));
            assertThat(StrictTarget.of(database).rows("public.t")).hasSize(i + 1);
        }
        cancel(job, database);
    }
}
