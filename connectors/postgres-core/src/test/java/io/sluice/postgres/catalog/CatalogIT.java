package io.sluice.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CatalogIT {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.quick(14);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TableSchema create(String table, String... sql) throws Exception {
        server.execute("postgres", sql);
        try (Connection connection = server.connect("postgres")) {
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    @Test
    void keyColumnsComeInTheOrderOfTheKey() throws Exception {
        TableSchema t = create("ordered", "create table ordered(a int, b int, c int, primary key (c, a))");
        assertThat(List.of(t.keyColumn(0), t.keyColumn(1))).containsExactly(2, 0);
    }

    @Test
    void identityIndexIsTheKeyInPlaceOfThePrimaryKey() throws Exception {
        TableSchema t = create(
                "by_index",
                "create table by_index(a int primary key, b int not null unique)",
                "alter table by_index replica identity using index by_index_b_key");
        assertThat(t.keyWidth()).isEqualTo(1);
        assertThat(t.columns().get(t.keyColumn(0)).name()).isEqualTo("b");
    }

    @Test
    void includedColumnsOfTheKeysIndexAreNotTheKey() throws Exception {
        TableSchema t = create("covering", "create table covering(a int, b int, primary key (a) include (b))");
        assertThat(t.columns().stream().filter(Column::inKey).map(Column::name)).containsExactly("a");
    }

    @Test
    void generatedAndDroppedColumnsAreNotCaptured() throws Exception {
        TableSchema t = create(
                "gaps",
                "create table gaps(a int, b int, c int generated always as (a * 2) stored, \"D d\" text)",
                "alter table gaps drop column b");
        assertThat(t.columns().stream().map(Column::name)).containsExactly("a", "D d");
        assertThat(t.columns().stream().map(Column::attnum)).containsExactly(1, 4);
        assertThat(t.keyed()).isFalse();
    }

    @Test
    @DisplayName("S15: binary is refused for OID aliases, also inside arrays, domains and composites")
    void binarySafe() throws Exception {
        TableSchema t = create(
                "safe",
                "create domain conf as regconfig",
                "create type pair as (a int, b regclass)",
                "create type mood as enum ('ok')",
                "create table safe(i int, m mood[], c regconfig, ca regclass[], d conf, p pair, r int4range, q tsquery)");
        assertThat(t.columns().stream()
                        .filter(c -> c.type().traits().binarySafe())
                        .map(Column::name))
                .containsExactly("i", "m", "r");
    }

    @Test
    @DisplayName("S16: keys are hashed as bytes only where bytes decide equality")
    void bytewise() throws Exception {
        TableSchema t = create(
                "equality",
                "create domain code as text",
                "create table equality(i int8, x text, d code, u uuid, n numeric, f float8, b bpchar(3), j jsonb,"
                        + " na numeric[])");
        assertThat(t.columns().stream()
                        .filter(c -> c.type().traits().bytewiseEqual())
                        .map(Column::name))
                .containsExactly("i", "x", "d", "u");
    }

    @Test
    void domainsKnowTheTypeAllTheWayDown() throws Exception {
        TableSchema t = create(
                "deep", "create domain d1 as int", "create domain d2 as d1", "create table deep(a d2, b varchar(7))");
        assertThat(t.columns().get(0).type().baseOid()).isEqualTo(23);
        assertThat(t.columns().get(1).type().sql()).isEqualTo("character varying(7)");
    }

    @Test
    void allMissingTablesAreNamed() throws Exception {
        try (Connection connection = server.connect("postgres")) {
            assertThatThrownBy(() -> Catalog.tables(
                            connection, List.of(new TableName("public", "nope"), new TableName("no", "such"))))
                    .isInstanceOf(MissingTablesException.class)
                    .hasMessageContaining("public.nope")
                    .hasMessageContaining("no.such");
        }
    }
}
