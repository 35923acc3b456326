package io.sluice.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.source.option.LogSettings;
import io.sluice.flink.source.option.Resume;
import io.sluice.flink.source.option.ResumePoint;
import io.sluice.flink.source.option.SlotCreation;
import io.sluice.flink.source.option.SlotRequest;
import io.sluice.flink.source.option.StartupMode;
import io.sluice.flink.source.option.StopConditions;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.postgres.replication.Plugin;
import io.sluice.testkit.Await;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StartIT {
    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 17)
    static PostgresServer server;

    private static String database() throws Exception {
        String database = server.createDatabase();
        server.execute(
                database,
                "create table t(id int primary key, note text)",
                "insert into t values (1, 'one'), (2, 'two')",
                "create table keyless(id int)",
                "create table keyless2(id int)");
        return database;
    }

    private static PostgresSourceBuilder<ChangeBatch> toTheEnd(String database, StartupMode startup) {
        return SourceJob.source(server, database, "t")
                .logBased(SourceJob.log("slot_" + database, startup))
                .stop(new StopConditions(Duration.ZERO, true));
    }

    private static StrictTarget.Content run(String test, PostgresSource<ChangeBatch> source) throws Exception {
        JobClient job = SourceJob.run(test, SourceJob.environment(50), source, Stumble.times(test, 0, 0, 0));
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        StrictTarget.Content content = StrictTarget.of(test);
        assertThat(content.faults).isEmpty();
        return content;
    }

    private static void nothingWasCreated(String database) throws Exception {
        assertThat(server.query(database, "select pubname from pg_publication")).isEmpty();
        assertThat(server.query(
                        database,
                        "select slot_name from pg_replication_slots where database = current_database()::name"))
                .isEmpty();
        SourceJob.awaitNoConnections(server, database);
    }

    /** What is known in the test's JVM. */
    private record Known(ChangePosition position, Origin origin, Map<TableName, Snapshot> copied)
            implements ResumePoint {
        private static Known of(StrictTarget.Content content) {
            return new Known(
                    content.position,
                    content.origin,
                    Map.of(new TableName("public", "t"), content.snapshots.get("public.t")));
        }

        @Override
        public Optional<Resume> read() {
            return Optional.of(new Resume(position, origin, copied));
        }
    }

    @Test
    void missingTablesAreNamed() throws Exception {
        String database = database();
        assertThat(SourceJob.failure(
                        database,
                        SourceJob.source(server, database, "t", "nope", "T")
                                .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL))
                                .build()))
                .contains("source FromPG of pipeline " + database)
                .contains("no such table: public.T, public.nope");
        nothingWasCreated(database);
    }

    @Test
    void selectionThatMatchesNothingSaysWhatThereIs() throws Exception {
        String database = database();
        assertThat(SourceJob.failure(
                        database,
                        SourceJob.source(server, database, "t")
                                .tables(table -> table.schema().equals("sales"))
                                .fullTable()
                                .build()))
                .contains("no table of database FromPG matches the table selection; it has 3 tables, the first is"
                        + " public.keyless");
    }

    @Test
    void tablesWithoutAKeyAreNamedTogetherWithTheRemedies() throws Exception {
        String database = database();
        assertThat(SourceJob.failure(
                        database,
                        SourceJob.source(server, database, "t", "keyless", "keyless2")
                                .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL))
                                .build()))
                .contains("without a key: public.keyless, public.keyless2; add a primary key")
                .contains("REPLICA IDENTITY USING INDEX")
                .contains("primary-key-required: false");
        nothingWasCreated(database);
    }

    @Test
    void partitionedTablesAreRefusedInFavourOfTheirPartitions() throws Exception {
        String database = database();
        server.execute(database, "create table parts(id int primary key) partition by range (id)");
        assertThat(SourceJob.failure(
                        database,
                        SourceJob.source(server, database, "parts").fullTable().build()))
                .contains("partitioned: public.parts");
    }

    @Test
    void wrongPasswordNamesTheConnectionAndShowsNoPassword() throws Exception {
        String database = database();
        ConnectionSettings right = SourceJob.connection(server, database);
        assertThat(SourceJob.failure(
                        database,
                        SourceJob.source(server, database, "t")
                                .connection(new ConnectionSettings(
                                        right.name(),
                                        right.endpoint(),
                                        right.username(),
                                        new Secret("guessed-secret"),
                                        right.connectTimeout()))
                                .fullTable()
                                .build()))
                .contains("source FromPG of pipeline " + database)
                .contains("password authentication failed")
                .doesNotContain("guessed-secret");
    }

    @Test
    void slotThatIsNotThereAndMayNotBeCreated() throws Exception {
        String database = database();
        SlotRequest never = new SlotRequest("slot_" + database, SlotCreation.NEVER, Plugin.PGOUTPUT, "p");
        assertThat(SourceJob.failure(
                        database,
                        SourceJob.source(server, database, "t")
                                .logBased(new LogSettings(never, Duration.ZERO, StartupMode.INITIAL))
                                .build()))
                .contains("there is no slot slot_" + database + " and slot-creation is never");
        nothingWasCreated(database);
    }

    @Test
    @DisplayName("F3: a start without state goes on from the target's position and copies nothing again")
    void resumesWhereTheTargetIs() throws Exception {
        String database = database();
        StrictTarget.Content first =
                run(database, toTheEnd(database, StartupMode.INITIAL).build());
        assertThat(first.rows("public.t")).containsExactly("1|one", "2|two");
        server.execute(database, "insert into t values (3, 'three')", "insert into t values (4, 'four')");

        StrictTarget.Content second = run(
                database + " again",
                toTheEnd(database, StartupMode.INITIAL)
                        .resumePoint(Known.of(first))
                        .build());
        assertThat(second.rows("public.t")).containsExactly("3|three", "4|four");
        assertThat(second.snapshots).isEmpty();
        assertThat(second.position).isGreaterThan(first.position);
    }

    @Test
    @DisplayName("F3: a table that the target does not show as copied is copied, the others go on")
    void copiesOnlyWhatIsNotKnown() throws Exception {
        String database = database();
        StrictTarget.Content first =
                run(database, toTheEnd(database, StartupMode.INITIAL).build());
        server.execute(
                database,
                "insert into t values (3, 'three')",
                "create table later(id int primary key, note text)",
                "insert into later values (1, 'old')");
        StrictTarget.Content second = run(
                database + " again",
                SourceJob.source(server, database, "t", "later")
                        .logBased(SourceJob.log("slot_" + database, StartupMode.INITIAL))
                        .stop(new StopConditions(Duration.ZERO, true))
                        .resumePoint(Known.of(first))
                        .build());
        assertThat(second.rows("public.t")).containsExactly("3|three");
        assertThat(second.rows("public.later")).containsExactly("1|old");
        assertThat(second.snapshots).containsOnlyKeys("public.later");
    }

    @Test
    @DisplayName("F3: another server, a lost slot and a slot that has gone on are refused, naming the gap")
    void refusesWhatDoesNotGoOn() throws Exception {
        String database = database();
        StrictTarget.Content first =
                run(database, toTheEnd(database, StartupMode.INITIAL).build());
        Known known = Known.of(first);
        Origin elsewhere = new Origin("1", 1, first.origin.slot(), first.origin.plugin());
        assertThat(SourceJob.failure(
                        database + " elsewhere",
                        toTheEnd(database, StartupMode.INITIAL)
                                .resumePoint(new Known(known.position(), elsewhere, known.copied()))
                                .build()))
                .contains("positions of two servers or slots do not compare");
        assertThat(SourceJob.failure(
                        database + " beyond",
                        toTheEnd(database, StartupMode.INITIAL)
                                .resumePoint(
                                        new Known(ChangePosition.atEnd(new Lsn(0x1000)), first.origin, known.copied()))
                                .build()))
                .contains("has been confirmed up to")
                .contains("0/1000 only");
        server.execute(database, "select pg_drop_replication_slot('slot_" + database + "')");
        assertThat(SourceJob.failure(
                        database + " gone",
                        toTheEnd(database, StartupMode.INITIAL)
                                .resumePoint(known)
                                .build()))
                .contains("slot slot_" + database + " is gone");
        assertThat(server.query(
                        "postgres", "select 1 from pg_replication_slots where slot_name = 'slot_" + database + "'"))
                .isEmpty();
    }

    @Test
    @DisplayName("S8: a slot that is older than its publication is advanced before the copy, and refused without one")
    void slotOlderThanItsPublication() throws Exception {
        String database = database();
        server.execute(
                database,
                "select pg_create_logical_replication_slot('slot_" + database + "', 'pgoutput')",
                "insert into t values (3, 'three')");
        assertThat(SourceJob.failure(
                        database, toTheEnd(database, StartupMode.STREAM_ONLY).build()))
                .contains("is older than publication");
        assertThat(server.query(database, "select pubname from pg_publication")).isEmpty();
        StrictTarget.Content content = run(
                database + " initial", toTheEnd(database, StartupMode.INITIAL).build());
        assertThat(content.rows("public.t")).containsExactly("1|one", "2|two", "3|three");
    }

    @Test
    void streamOnlyBeginsAtTheSlotsConfirmedPosition() throws Exception {
        String database = database();
        server.execute(
                database,
                "create publication slot_" + database + " for table t",
                "select pg_create_logical_replication_slot('slot_" + database + "', 'pgoutput')",
                "insert into t values (3, 'three')");
        StrictTarget.Content content =
                run(database, toTheEnd(database, StartupMode.STREAM_ONLY).build());
        assertThat(content.rows("public.t")).containsExactly("3|three");
        assertThat(content.snapshots).isEmpty();
    }

    @Test
    void cancelWhileASlotIsCreatedEndsAllSessions() throws Exception {
        String database = database();
        try (Connection blocker = server.connect(database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("insert into keyless values (1)");
            JobClient job = SourceJob.run(
                    database,
                    SourceJob.environment(50),
                    toTheEnd(database, StartupMode.INITIAL).build(),
                    Stumble.times(database, 0, 0, 0));
            Await.until(SourceJob.PATIENCE, "the slot's creation to wait", () -> !server.query(
                            "postgres",
                            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like"
                                    + " '%pg_create_logical_replication_slot%' and datname = '" + database + "'")
                    .isEmpty());
            job.cancel().get(30, TimeUnit.SECONDS);
            SourceJob.awaitNoConnections(server, database);
        }
    }

    @Test
    void cancelWhileTablesAreLockedEndsAllSessions() throws Exception {
        String database = database();
        try (Connection blocker = server.connect(database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("lock table t in access exclusive mode");
            JobClient job = SourceJob.run(
                    database,
                    SourceJob.environment(50),
                    SourceJob.source(server, database, "t").fullTable().build(),
                    Stumble.times(database, 0, 0, 0));
            Await.until(SourceJob.PATIENCE, "the snapshot to wait for its lock", () -> !server.query(
                            "postgres",
                            "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like"
                                    + " 'LOCK TABLE%' and datname = '" + database + "'")
                    .isEmpty());
            job.cancel().get(30, TimeUnit.SECONDS);
            // The server notices a vanished client when it next talks to it: after the lock is free.
            blocker.rollback();
            SourceJob.awaitNoConnections(server, database);
        }
    }
}
