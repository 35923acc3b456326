package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.Connections;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationsIT {
    private static final String[] TABLES = {"keyed", "whole", "by_index", "keyless", "nothing", "deferred"};

    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @DisplayName("S8: UPDATE and DELETE of a table without identity still work when it is captured")
    void keylessTablesCanStillBeUpdated(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major);
                Connection connection = Connections.query(new Source(server).settings(), "sluice")) {
            Source source = new Source(server);
            create(source);
            List<TableSchema> tables = source.tables(TABLES);

            assertThat(Publications.problems(connection, "p", tables)).isEmpty();
            assertThat(source.text("select count(*) from pg_publication")).isEqualTo("0");
            List<String> names = Publications.ensure(connection, "p", tables);
            assertThat(names).containsExactly("p", "p_insert");
            assertThat(published(source, "p")).isEqualTo("by_index,keyed,whole");
            assertThat(published(source, "p_insert")).isEqualTo("deferred,keyless,nothing");
            assertThat(Publications.insertOnly(connection, tables))
                    .extracting(TableName::table)
                    .containsExactly("deferred", "keyless", "nothing");
            assertThat(Publications.ensure(connection, "p", tables)).isEqualTo(names);

            Slots.create(source.settings(), Source.APPLICATION, "s", Plugin.PGOUTPUT, blockers -> {});
            ChangePosition begin = ChangePosition.atEnd(source.confirmed());
            for (String table : TABLES) {
                source.execute(
                        "insert into " + table + " values (1)",
                        "update " + table + " set id = 2",
                        "delete from " + table);
            }
            SlotSession session =
                    new SlotSession("s", Plugin.PGOUTPUT, names, ValueFormat.TEXT, Duration.ofSeconds(60));
            try (ChangeReader reader = source.open(session, begin, "keyless")) {
                assertThat(Source.print(source.readToEnd(reader))).containsExactly("I 1");
            }
            try (ChangeReader reader = source.open(session, begin, "keyed")) {
                assertThat(Source.print(source.readToEnd(reader))).containsExactly("I 1", "M 1", "I 2", "D 2");
            }
        }
    }

    @Test
    @DisplayName("S8: a table that is added later joins the publications that exist")
    void tablesAddedLater() throws Exception {
        try (PostgresServer server = PostgresServer.quick(16);
                Connection connection = Connections.query(new Source(server).settings(), "sluice")) {
            Source source = new Source(server);
            create(source);
            assertThat(Publications.ensure(connection, "p", source.tables("keyed")))
                    .containsExactly("p", "p_insert");
            ChangePosition begin = source.publish("keyed");
            source.execute("insert into keyed values (1)");
            Publications.ensure(connection, "p", source.tables("keyed", "whole", "keyless"));
            source.execute("insert into keyless values (2)");
            SlotSession session = new SlotSession(
                    "s", Plugin.PGOUTPUT, List.of("p", "p_insert"), ValueFormat.TEXT, Duration.ofSeconds(60));
            try (ChangeReader reader = source.open(session, begin, "keyed", "keyless")) {
                assertThat(Source.print(source.readToEnd(reader))).containsExactlyInAnyOrder("I 1", "I 2");
            }
        }
    }

    @Test
    @DisplayName("S8: a publication that leaves something out is refused with the command that mends it")
    void publicationsThatAreRefused() throws Exception {
        try (PostgresServer server = PostgresServer.quick(18);
                Connection connection = Connections.query(new Source(server).settings(), "sluice")) {
            Source source = new Source(server);
            create(source);
            source.execute(
                    "create table made(id int primary key, twice int generated always as (id * 2) stored)",
                    "create table parted(id int primary key) partition by range (id)",
                    "create unlogged table unlogged(id int primary key)",
                    "create publication ops for table keyed with (publish = 'insert, delete')",
                    "create publication filtered for table keyed where (id > 0)",
                    "create publication narrow for table whole (id)",
                    "create publication via for table keyed with (publish_via_partition_root = true)",
                    "create publication gen for table made with (publish_generated_columns = stored)",
                    "create publication everything for all tables");

            refused(connection, "ops", source.tables("keyed"), "does not publish update, truncate", "SET (publish");
            refused(connection, "filtered", source.tables("keyed"), "row filter or column list for table public.keyed");
            refused(connection, "narrow", source.tables("whole"), "row filter or column list for table public.whole");
            refused(connection, "via", source.tables("keyed"), "publish_via_partition_root = false");
            refused(connection, "gen", source.tables("made"), "publish_generated_columns = none");
            refused(connection, "fresh", source.tables("parted"), "parted is partitioned");
            refused(connection, "fresh", source.tables("unlogged"), "SET LOGGED");
            assertThat(Publications.ensure(connection, "everything", source.tables("keyed", "keyless")))
                    .containsExactly("everything");
        }
    }

    @Test
    @DisplayName("a role that may not publish is told what to run")
    void withoutPrivilege() throws Exception {
        try (PostgresServer server = PostgresServer.quick(15)) {
            Source source = new Source(server);
            create(source);
            List<TableSchema> tables = source.tables("keyed");
            source.execute("create role reader login replication", "create publication p for table whole");
            try (Connection connection = server.connect("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("set role reader");
                refused(connection, "p", tables, "run ALTER PUBLICATION \"p\" ADD TABLE ONLY \"public\".\"keyed\"");
                refused(connection, "q", tables, "run CREATE PUBLICATION \"q\" FOR TABLE ONLY \"public\".\"keyed\"");
            }
        }
    }

    private static void create(Source source) throws SQLException {
        source.execute(
                "create table keyed(id int primary key)",
                "create table whole(id int)",
                "alter table whole replica identity full",
                "create table by_index(id int not null unique)",
                "alter table by_index replica identity using index by_index_id_key",
                "create table keyless(id int)",
                "create table nothing(id int primary key)",
                "alter table nothing replica identity nothing",
                "create table deferred(id int primary key deferrable)");
    }

    private static String published(Source source, String publication) throws SQLException {
        return source.text("select string_agg(tablename, ',' order by tablename) from pg_publication_tables"
                + " where pubname = '" + publication + "'");
    }

    private static void refused(Connection connection, String name, List<TableSchema> tables, String... parts) {
        assertThatExceptionOfType(UnreadableSourceException.class)
                .isThrownBy(() -> Publications.ensure(connection, name, tables))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }
}
