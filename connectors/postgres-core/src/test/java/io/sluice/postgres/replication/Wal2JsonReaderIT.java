package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.Visibility;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class Wal2JsonReaderIT {
    private static final SlotSession SESSION =
            new SlotSession("s", Plugin.WAL2JSON, List.of(), ValueFormat.TEXT, Duration.ofSeconds(60));

    @Postgres(wal2json = true)
    static PostgresServer server;

    private final Source source = new Source(server);

    @AfterEach
    void dropSlot() throws Exception {
        source.execute("select pg_drop_replication_slot('s')", "drop schema public cascade", "create schema public");
    }

    @Test
    @DisplayName("S10, S11: with wal2json too a restart at any position repeats exactly the rest")
    void restartAtAnyPosition() throws Exception {
        source.execute(
                "create table t(id int primary key, note text, twice int generated always as (id * 2) stored)",
                "create table other(id int primary key)");
        ChangePosition begin = source.createWal2JsonSlot();
        source.execute(
                "begin; insert into t select generate_series(1, 5); insert into other values (1);"
                        + " update t set note = 'x' where id = 3; commit",
                "insert into other values (2)",
                "begin; delete from t where id = 5; update t set id = 8 where id = 1; commit");

        List<ChangeBatch> all;
        ChangePosition end;
        try (ChangeReader reader = source.open(SESSION, begin, "t")) {
            all = source.readToEnd(reader);
            end = reader.fetch(1, Duration.ZERO).end();
        }
        List<String> changes = Source.print(all);
        assertThat(changes).containsExactly("I 1", "I 2", "I 3", "I 4", "I 5", "U 3", "D 5", "M 1", "I 8");
        List<ChangePosition> positions = Source.positions(all);
        for (int taken : new int[] {1, 5, 6, 7, 9}) {
            try (ChangeReader reader = source.open(SESSION, positions.get(taken - 1), "t")) {
                assertThat(Source.print(source.readToEnd(reader)))
                        .as("after %s changes, at %s", taken, positions.get(taken - 1))
                        .isEqualTo(changes.subList(taken, changes.size()));
            }
        }
        try (ChangeReader reader = source.open(SESSION, end, "t")) {
            assertThat(Source.print(source.readToEnd(reader))).isEmpty();
            reader.confirm(end.lsn());
        }
        assertThat(source.confirmed()).isEqualTo(end.lsn());
    }

    @Test
    @DisplayName("S11: names that wal2json takes for its own reach the captured table only")
    void oddNames() throws Exception {
        TableName odd = new TableName("public", "a.b, c*'\\d");
        source.execute(
                "create table \"a.b, c*'\\d\"(id int primary key)",
                "create table a(id int primary key)",
                "create table \"a.b\"(id int primary key)");
        ChangePosition begin = source.createWal2JsonSlot();
        source.execute(
                "insert into a values (1)", "insert into \"a.b\" values (2)", "insert into \"a.b, c*'\\d\" values (3)");
        List<TableSchema> tables;
        try (Connection connection = server.connect("postgres")) {
            tables = Catalog.tables(connection, List.of(odd));
        }
        ChangeReader.Start start = new ChangeReader.Start(
                begin,
                tables,
                Visibility.NOTHING_COPIED,
                new Buckets(1),
                SourceServer.identify(source.settings(), Source.APPLICATION, SESSION));
        try (ChangeReader reader = ChangeReader.open(source.settings(), Source.APPLICATION, SESSION, start)) {
            assertThat(Source.print(source.readToEnd(reader))).containsExactly("I 3");
        }
    }
}
