package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import io.sluice.testkit.TcpProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeReaderIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    @DisplayName("S10, S11: a restart at any position, inside a transaction too, repeats exactly the rest")
    void restartAtAnyPosition(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major)) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key, note text)", "create table other(id int primary key)");
            ChangePosition begin = source.publish("t", "other");
            source.execute(
                    "begin; insert into t select generate_series(1, 5); insert into other values (1); "
                            + "savepoint a; insert into t values (6); rollback to a; update t set note = 'x' where id = 3; commit",
                    "insert into t values (7)",
                    "begin; delete from t where id = 7; update t set id = 8 where id = 1; commit");

            List<ChangeBatch> all;
            ChangePosition end;
            try (ChangeReader reader = source.open(begin, "t")) {
                all = source.readToEnd(reader);
                end = reader.fetch(1, Duration.ZERO).end();
            }
            List<String> changes = Source.print(all);
            assertThat(changes).containsExactly("I 1", "I 2", "I 3", "I 4", "I 5", "U 3", "I 7", "D 7", "M 1", "I 8");
            List<ChangePosition> positions = Source.positions(all);
            assertThat(positions).isSorted();
            for (int taken : new int[] {1, 4, 5, 6, 7, 8, 10}) {
                try (ChangeReader reader = source.open(positions.get(taken - 1), "t")) {
                    assertThat(Source.print(source.readToEnd(reader)))
                            .as("after %s changes, at %s", taken, positions.get(taken - 1))
                            .isEqualTo(changes.subList(taken, changes.size()));
                }
            }
            try (ChangeReader reader = source.open(end, "t")) {
                assertThat(Source.print(source.readToEnd(reader))).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("what one fetch takes is bounded, and binary values come when they are asked for")
    void boundedFetches() throws Exception {
        try (PostgresServer server = PostgresServer.quick(16)) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key, note text)");
            ChangePosition begin = source.publish("t");
            source.execute("insert into t select i, repeat('x', 1000) from generate_series(1, 3000) i");
            SlotSession session =
                    new SlotSession("s", Plugin.PGOUTPUT, List.of("p"), ValueFormat.BINARY, Duration.ofSeconds(60));
            try (ChangeReader reader = source.open(session, begin, "t")) {
                int rows = 0;
                int most = 0;
                while (rows < 3000) {
                    int bytes = 0;
                    for (ChangeBatch batch : reader.fetch(100_000, PATIENCE).batches()) {
                        if (batch instanceof RowBatch some) {
                            assertThat(some.format()).isEqualTo(ValueFormat.BINARY);
                            bytes += some.length();
                            rows += some.rows();
                        }
                    }
                    most = Math.max(most, bytes);
                }
                assertThat(most).isBetween(50_000, 110_000);
                assertThat(rows).isEqualTo(3000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @DisplayName("keepalives move the position of an idle table while another database is busy")
    void idleTable(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major)) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key)", "create database busy");
            ChangePosition begin = source.publish("t");
            server.execute("busy", "create table b(id int)");
            try (ChangeReader reader = source.open(begin, "t")) {
                server.execute("busy", "insert into b select generate_series(1, 100000)");
                Lsn busy = Lsn.parse(source.text("select pg_current_wal_flush_lsn()"));
                List<ChangeBatch> batches = new ArrayList<>();
                Await.until(PATIENCE, "the position to pass " + busy, () -> {
                    server.execute("busy", "insert into b values (0)");
                    ChangeReader.Fetch fetch = reader.fetch(1 << 20, Duration.ofMillis(50));
                    assertThat(fetch.changes()).isFalse();
                    assertThat(fetch.serverEnd().isBefore(fetch.end().lsn())).isFalse();
                    batches.addAll(fetch.batches());
                    return !fetch.end().lsn().isBefore(busy);
                });
                assertThat(batches).isNotEmpty().allMatch(Progress.class::isInstance);
                ChangePosition last = ((Progress) batches.get(batches.size() - 1)).position();
                reader.confirm(last.lsn());
                Await.until(PATIENCE, "the slot to be confirmed", () -> source.confirmed()
                        .equals(last.lsn()));
                reader.confirm(begin.lsn());
                assertThat(source.confirmed()).isEqualTo(last.lsn());
            }
            source.execute("insert into t values (1)");
            try (ChangeReader reader = source.open(ChangePosition.atEnd(source.confirmed()), "t")) {
                assertThat(Source.print(source.readToEnd(reader))).containsExactly("I 1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @DisplayName("S3, acceptance 20: a reader that nobody asks for longer than wal_sender_timeout keeps its connection")
    void nobodyFetches(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major)) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key, note text)");
            ChangePosition begin = source.publish("t");
            Duration timeout = Duration.ofSeconds(2);
            try (ChangeReader reader = source.open(Source.session(timeout), begin, "t")) {
                String pid = source.text("select active_pid from pg_replication_slots");
                // More than the queue and the sockets on both sides hold, so the server is stuck in the middle of it.
                source.execute("insert into t select i, repeat(md5(i::text), 50) from generate_series(1, 60000) i");
                long until = System.nanoTime() + timeout.multipliedBy(3).toNanos();
                Await.until(PATIENCE, "three time-outs to pass", () -> {
                    assertThat(source.text("select active_pid from pg_replication_slots"))
                            .isEqualTo(pid);
                    return System.nanoTime() > until;
                });
                List<String> changes = Source.print(source.readToEnd(reader));
                assertThat(changes)
                        .isEqualTo(IntStream.rangeClosed(1, 60000)
                                .mapToObj(i -> "I " + i)
                                .toList());
                assertThat(source.text("select active_pid from pg_replication_slots"))
                        .isEqualTo(pid);
            }
            Await.until(PATIENCE, "the slot to be free", () -> !source.slot().active());
        }
    }

    @Test
    @DisplayName("S13: settings that end, hide or translate are pinned in a walsender's session, whatever the role has")
    void pinnedSettings() throws Exception {
        try (PostgresServer server = PostgresServer.quick(17)) {
            Source source = new Source(server);
            source.execute(
                    "create table t(id int primary key, at timestamptz, raw bytea)",
                    "alter role postgres set bytea_output = escape",
                    "alter role postgres set datestyle = German",
                    "alter role postgres set timezone = 'Asia/Tokyo'",
                    "alter role postgres set idle_session_timeout = '1s'",
                    "alter role postgres set transaction_timeout = '1s'",
                    "alter role postgres set wal_sender_timeout = '1s'");
            ChangePosition begin = source.publish("t");
            try (ChangeReader reader = source.open(begin, "t")) {
                source.execute("insert into t values (1, '2000-01-01 00:00+00', 'a\\000')");
                RowBatch rows = source.readToEnd(reader).stream()
                        .filter(RowBatch.class::isInstance)
                        .map(RowBatch.class::cast)
                        .findFirst()
                        .orElseThrow();
                assertThat(new String(rows.bytes(), 0, rows.length(), java.nio.charset.StandardCharsets.US_ASCII))
                        .contains("2000-01-01 00:00:00+00")
                        .contains("\\x6100");
            }
            try (var walsender = (java.sql.Connection) io.sluice.postgres.connection.Connections.replication(
                            source.settings(), Source.APPLICATION, Map.of("wal_sender_timeout", "0"));
                    var statement = walsender.createStatement()) {
                for (String name : List.of(
                        "idle_session_timeout", "transaction_timeout", "statement_timeout", "wal_sender_timeout")) {
                    try (var row = statement.executeQuery("SHOW " + name)) {
                        row.next();
                        assertThat(row.getString(1)).as(name).isEqualTo("0");
                    }
                }
                try (var row = statement.executeQuery("SHOW row_security")) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo("off");
                }
            }
        }
    }

    @Test
    @DisplayName("S13: a successor ends the walsender that its predecessor left, and no other")
    void successor() throws Exception {
        try (PostgresServer server = PostgresServer.quick(15)) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key)");
            ChangePosition begin = source.publish("t");
            try (ChangeReader left = source.open(begin, "t")) {
                source.execute("insert into t values (1)");
                try (ChangeReader successor = source.open(begin, "t")) {
                    assertThat(Source.print(source.readToEnd(successor))).containsExactly("I 1");
                    assertThatThrownBy(() -> source.readToEnd(left)).isInstanceOf(SQLException.class);
                    Thread stranger = new Thread(() -> openAsStranger(source, begin));
                    stranger.start();
                    Await.until(PATIENCE, "the stranger to try", () -> source.text("select count(*)"
                                    + " from pg_stat_activity where application_name = 'stranger'"
                                    + " and query like '%pg_terminate_backend%'")
                            .equals("1"));
                    source.execute("insert into t values (2)");
                    assertThat(Source.print(source.readToEnd(successor))).containsExactly("I 2");
                    stranger.interrupt();
                    stranger.join();
                }
            }
        }
    }

    @Test
    @DisplayName("acceptance 16: a connection whose other half is lost in silence is given up, and a new one goes on")
    void halfOpenConnection() throws Exception {
        try (PostgresServer server = PostgresServer.quick(15);
                TcpProxy proxy = TcpProxy.to(server.host(), server.port())) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key)");
            ChangePosition begin = source.publish("t");
            ConnectionSettings throughProxy = new ConnectionSettings(
                    "source",
                    new ConnectionSettings.Endpoint(server.host(), proxy.port(), "postgres"),
                    PostgresServer.USER,
                    new Secret(PostgresServer.PASSWORD),
                    Duration.ofSeconds(1));
            SlotSession session = Source.session(Duration.ofSeconds(60));
            ChangeReader.Start start = source.start(session, begin, "t");
            Duration patience = Duration.ofMillis(500);
            try (ChangeReader reader = ChangeReader.open(throughProxy, Source.APPLICATION, session, start, patience)) {
                long until = System.nanoTime() + patience.multipliedBy(4).toNanos();
                Await.until(PATIENCE, "an idle server to be taken for one", () -> {
                    assertThat(Source.print(reader.fetch(1 << 20, Duration.ofMillis(100))
                                    .batches()))
                            .isEmpty();
                    return System.nanoTime() > until;
                });
                source.execute("insert into t values (1)");
                assertThat(Source.print(source.readToEnd(reader))).containsExactly("I 1");

                proxy.halfOpen(TcpProxy.Direction.TO_CLIENT);
                source.execute("insert into t values (2)");
                assertThatThrownBy(() -> source.readToEnd(reader))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("walsender");
                proxy.resume();
            }
            try (ChangeReader reader = ChangeReader.open(throughProxy, Source.APPLICATION, session, start, patience)) {
                assertThat(Source.print(source.readToEnd(reader))).containsExactly("I 1", "I 2");
            }
        }
    }

    @Test
    @DisplayName("kill -9 of the server is an SQLException of fetch; a new reader loses and repeats nothing")
    void serverIsKilled() throws Exception {
        try (PostgresServer server = PostgresServer.durable(16, Map.of())) {
            Source source = new Source(server);
            source.execute("create table t(id int primary key)");
            ChangePosition position = source.publish("t");
            List<String> changes = new ArrayList<>();
            ChangeReader reader = source.open(position, "t");
            for (int round = 0; round < 2; round++) {
                source.execute("insert into t select generate_series(" + (round * 2000 + 1) + ", "
                        + (round * 2000 + 1000) + ")");
                ChangeReader.Fetch fetch = reader.fetch(20_000, PATIENCE);
                changes.addAll(Source.print(fetch.batches()));
                position = fetch.end();
                reader.confirm(position.lsn());
                server.kill9();
                position = drain(reader, changes, position);
                reader.close();
                server.start();
                source.execute("insert into t select generate_series(" + (round * 2000 + 1001) + ", "
                        + (round * 2000 + 2000) + ")");
                reader = source.open(position, "t");
            }
            changes.addAll(Source.print(source.readToEnd(reader)));
            reader.close();
            assertThat(changes)
                    .isEqualTo(IntStream.rangeClosed(1, 4000)
                            .mapToObj(i -> "I " + i)
                            .toList());
        }
    }

    private static ChangePosition drain(ChangeReader reader, List<String> changes, ChangePosition from)
            throws InterruptedException {
        ChangePosition position = from;
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < giveUp) {
            try {
                ChangeReader.Fetch fetch = reader.fetch(1 << 20, Duration.ofMillis(100));
                changes.addAll(Source.print(fetch.batches()));
                position = fetch.end();
            } catch (SQLException e) {
                assertThat(e.getMessage()).contains("walsender");
                return position;
            }
        }
        throw new AssertionError("the server was killed, and fetch did not say so");
    }

    private static void openAsStranger(Source source, ChangePosition begin) {
        try {
            SlotSession session = Source.session(Duration.ofSeconds(60));
            ChangeReader.open(source.settings(), "stranger", session, source.start(session, begin, "t"))
                    .close();
            throw new IllegalStateException("a stranger took the slot");
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
