package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.connection.Connections;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @DisplayName("M9: the creation of a slot waits for open and prepared writers, names them, and can be broken off")
    void creationNamesItsBlockers(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major)) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key)");
            source.execute("begin; insert into t values (1); prepare transaction 'held'");
            Queue<List<String>> news = new ConcurrentLinkedQueue<>();
            try (Connection writer = server.connect("postgres");
                    Statement statement = writer.createStatement()) {
                statement.execute("set application_name = 'slow report'");
                statement.execute("begin; insert into t values (2)");
                CompletableFuture<String> creation = new CompletableFuture<>();
                Thread thread = new Thread(() -> creation.complete(create(source, news)));
                thread.start();
                Await.until(PATIENCE, "the blockers to be told", () -> !news.isEmpty());
                assertThat(news.remove())
                        .hasSize(2)
                        .anySatisfy(line -> assertThat(line).contains("'held'"))
                        .anySatisfy(line -> assertThat(line).contains("slow report"));
                thread.interrupt();
                assertThat(creation.get()).isEqualTo("interrupted");
                try (Connection query = Connections.query(source.settings(), Source.APPLICATION)) {
                    Await.until(PATIENCE, "no slot to be left", () -> Slots.find(query, "s")
                            .isEmpty());
                }
                source.execute("commit prepared 'held'");
                statement.execute("commit");
            }
            assertThat(create(source, news)).isEqualTo("created");
            assertThat(source.slot().plugin()).isEqualTo("pgoutput");
            assertThat(source.slot().database()).isEqualTo("postgres");
            assertThat(source.slot().walStatus()).isEqualTo("reserved");
            assertThat(create(source, news)).contains("already exists");
            try (Connection query = Connections.query(source.settings(), Source.APPLICATION)) {
                Slots.drop(query, "s");
                assertThat(Slots.find(query, "s")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @DisplayName("a slot that is missing, advanced, of another database or lost is refused before it is read")
    void slotsThatAreRefused(int major) throws Exception {
        try (PostgresServer server = PostgresServer.durable(
                major, Map.of("max_slot_wal_keep_size", "1MB", "max_wal_size", "32MB", "min_wal_size", "32MB"))) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key)", "create database elsewhere");
            ChangePosition begin = source.publish("t");
            SlotSession session = Source.session(Duration.ofSeconds(60));
            ChangeReader.Start start = source.start(session, begin, "t");

            assertThatThrownBy(
                            () -> ChangeReader.open(source.settings("elsewhere"), Source.APPLICATION, session, start))
                    .isInstanceOf(UnreadableSourceException.class)
                    .hasMessageContaining("belongs to database postgres, the connection is to elsewhere");

            source.execute("insert into t values (1)");
            source.execute("select pg_replication_slot_advance('s', pg_current_wal_flush_lsn())");
            Lsn advanced = source.confirmed();
            assertThat(advanced.isAfter(begin.lsn())).isTrue();
            refused(source, begin, "confirmed up to " + advanced, "from " + begin);

            ChangePosition ahead = ChangePosition.atEnd(Lsn.parse("FF/0"));
            refused(source, ahead, "before the position FF/0");

            ChangePosition now = ChangePosition.atEnd(advanced);
            String log =
                    "select pg_logical_emit_message(false, 'fill', repeat('x', 30000)) from generate_series(1, 1500)";
            Await.until(PATIENCE, "the slot to be lost", () -> {
                source.execute(log, "select pg_switch_wal()", "checkpoint");
                return source.slot().lost();
            });
            refused(source, now, "slot s is lost");

            source.execute("select pg_drop_replication_slot('s')");
            refused(source, now, "slot s does not exist");
            source.execute("select pg_create_logical_replication_slot('s', 'test_decoding')");
            refused(source, now, "test_decoding", "confirmed up to");
        }
    }

    @Test
    @DisplayName("a server that cannot serve a slot says what to change")
    void serverProblems() throws Exception {
        try (PostgresServer server = PostgresServer.durable(
                        16, Map.of("wal_level", "replica", "max_replication_slots", "1", "max_wal_senders", "0"));
                Connection connection = server.connect("postgres")) {
            assertThat(SourceServer.problems(connection))
                    .hasSize(2)
                    .anySatisfy(line -> assertThat(line).contains("SET wal_level = 'logical'"))
                    .anySatisfy(line -> assertThat(line).contains("max_wal_senders = 0"));
            assertThat(SourceServer.creationProblems(connection)).isEmpty();
            try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_create_physical_replication_slot('used')");
                assertThat(SourceServer.creationProblems(connection))
                        .singleElement()
                        .asString()
                        .contains("max_replication_slots = 1");
                statement.execute("create role \"Reader\" nosuperuser noreplication");
                statement.execute("set role \"Reader\"");
                assertThat(SourceServer.problems(connection))
                        .anySatisfy(line -> assertThat(line).contains("ALTER ROLE \"Reader\" REPLICATION"));
            }
        }
    }

    private static void refused(Source source, ChangePosition position, String... parts) {
        assertThatExceptionOfType(UnreadableSourceException.class)
                .isThrownBy(() -> source.open(position, "t").close())
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    private static String create(Source source, Queue<List<String>> news) {
        try {
            Slots.create(source.settings(), Source.APPLICATION, "s", Plugin.PGOUTPUT, news::add);
            return "created";
        } catch (InterruptedException e) {
            return "interrupted";
        } catch (SQLException e) {
            return e.getMessage();
        }
    }
}
