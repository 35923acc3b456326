package io.sluice.postgres.apply.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Load;
import io.sluice.postgres.apply.ledger.Ledger.LoadState;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TargetTablesIT {
    private static final Ledger LEDGER = new Ledger("_sluice", "p");
    private static final Snapshot FIRST = new Snapshot("s1", "10:10:", Lsn.parse("0/100"), 1);
    private static final Snapshot SECOND = new Snapshot("s2", "20:20:", Lsn.parse("0/200"), 2);

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.quick(15);
        server.execute("postgres", "create database source", "create database target");
        try (Connection connection = server.connect("target")) {
            LEDGER.create(connection);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ApplyOptions options(DeleteMode deletes, ForeignRows foreign) {
        return new ApplyOptions(
                "p",
                "_sluice",
                source -> new TableName("New Schema", source.table()),
                new RowOptions(deletes, TruncateMode.APPLY, KeyPolicy.REQUIRED, foreign),
                FlushPolicy.DEFAULT);
    }

    private static TableSchema source(String table, String columns) throws Exception {
        server.execute("source", "create table " + table + "(" + columns + ")");
        try (Connection connection = server.connect("source")) {
            connection.createStatement().execute("set search_path = pg_catalog");
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    private static TargetTable contact(ApplyOptions options, TableSchema source, @Nullable Snapshot snapshot)
            throws SQLException {
        try (Connection connection = server.connect("target")) {
            return new TargetTables(LEDGER, options).contact(connection, source, snapshot);
        }
    }

    private static Ledger.Entry entry(TableSchema source) throws SQLException {
        try (Connection connection = server.connect("target")) {
            return LEDGER.entries(connection).get(source.name());
        }
    }

    private static List<List<String>> columns(String table) throws SQLException {
        return server.query(
                "target",
                "select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute where attrelid ="
                        + " '\"New Schema\"." + table + "'::regclass and attnum > 0 order by attnum");
    }

    @Test
    void missingTableIsMadeWithoutKeyForACopyAndWithKeyForAStream() throws Exception {
        TableSchema copied =
                source("copied", "a numeric(10,2), \"B c\" varchar(7) not null, id int, primary key (id, a)");
        TargetTable table = contact(options(DeleteMode.MARK, ForeignRows.REFUSE), copied, FIRST);
        assertThat(table.load()).isEqualTo(Load.DIRECT);
        assertThat(table.keyColumns()).containsExactly("id", "a");
        assertThat(table.metadataColumns()).isTrue();
        assertThat(columns("copied"))
                .containsExactly(
                        List.of("a", "numeric(10,2)", "t"),
                        List.of("B c", "character varying(7)", "t"),
                        List.of("id", "integer", "t"),
                        List.of("_sdc_extracted_at", "timestamp with time zone", "f"),
                        List.of("_sdc_batched_at", "timestamp with time zone", "f"),
                        List.of("_sdc_deleted_at", "timestamp with time zone", "f"));
        assertThat(server.query("target", "select 1 from pg_index where indrelid = '\"New Schema\".copied'::regclass"))
                .isEmpty();
        assertThat(entry(copied).state()).isEqualTo(LoadState.LOADING);

        TableSchema streamed = source("streamed", "id int primary key");
        contact(options(DeleteMode.KEEP, ForeignRows.REFUSE), streamed, null);
        assertThat(server.query(
                        "target",
                        "select indisprimary from pg_index where indrelid = '\"New Schema\".streamed'::regclass"))
                .containsExactly(List.of("t"));
        assertThat(entry(streamed).state()).isEqualTo(LoadState.COMPLETE);
    }

    @Test
    void writersThatComeAtOnceMakeOneTable() throws Exception {
        TableSchema t = source("at_once", "id int primary key");
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            writers.add(CompletableFuture.runAsync(() -> {
                try {
                    contact(options(DeleteMode.KEEP, ForeignRows.REFUSE), t, FIRST);
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            }));
        }
        writers.forEach(CompletableFuture::join);
        assertThat(entry(t).snapshot()).isEqualTo(FIRST);
    }

    @Test
    @DisplayName(
            "F4: a later snapshot takes back what an earlier one delivered; the earlier one is refused from then on")
    void laterSnapshotTakesBack() throws Exception {
        ApplyOptions options = options(DeleteMode.KEEP, ForeignRows.REFUSE);
        TableSchema t = source("ghost", "id int primary key");
        contact(options, t, FIRST);
        server.execute("target", "insert into \"New Schema\".ghost values (1)");
        try (Connection connection = server.connect("target")) {
            LEDGER.moveChunk(connection, new Ledger.ChunkRows(t.name(), "s1", 0, 1, 1, true), 0);
        }
        contact(options, t, FIRST);
        assertThat(server.query("target", "select * from \"New Schema\".ghost")).hasSize(1);
        contact(options, t, SECOND);
        assertThat(server.query("target", "select * from \"New Schema\".ghost")).isEmpty();
        assertThat(entry(t).snapshot()).isEqualTo(SECOND);
        try (Connection connection = server.connect("target")) {
            assertThat(LEDGER.rows(connection, t.name(), "s1", 0)).isZero();
        }
        assertThatThrownBy(() -> contact(options, t, FIRST))
                .isInstanceOf(StaleSnapshotException.class)
                .hasMessageContaining("0/100")
                .hasMessageContaining("0/200");
    }

    @Test
    void rowsOfOthersAreRefusedOrMerged() throws Exception {
        TableSchema t = source("foreign_rows", "id int primary key, note text");
        server.execute(
                "target",
                "create schema if not exists \"New Schema\"",
                "create table \"New Schema\".foreign_rows(note varchar, id int primary key, extra int)",
                "insert into \"New Schema\".foreign_rows values ('theirs', 1)");
        assertThatThrownBy(() -> contact(options(DeleteMode.REMOVE, ForeignRows.REFUSE), t, FIRST))
                .isInstanceOf(UnfitTargetException.class)
                .hasMessageContaining("empty it, or use startup-mode stream-only");
        assertThat(columns("foreign_rows")).hasSize(3);
        TargetTable table = contact(options(DeleteMode.REMOVE, ForeignRows.MERGE), t, FIRST);
        assertThat(table.load()).isEqualTo(Load.STAGED);
        assertThat(table.columns()).extracting(TargetColumn::name).containsExactly("id", "note");
        assertThat(columns("foreign_rows")).hasSize(6);
        contact(options(DeleteMode.REMOVE, ForeignRows.MERGE), t, SECOND);
        assertThat(server.query("target", "select note from \"New Schema\".foreign_rows"))
                .containsExactly(List.of("theirs"));
    }

    @Test
    void secondFullTableRunMergesIntoWhatTheFirstLoaded() throws Exception {
        ApplyOptions options = options(DeleteMode.KEEP, ForeignRows.MERGE);
        TableSchema t = source("twice", "id int primary key");
        contact(options, t, FIRST);
        server.execute(
                "target",
                "insert into \"New Schema\".twice values (1)",
                "alter table \"New Schema\".twice add primary key (id)",
                "update _sluice.pipeline_table set state = 'COMPLETE' where source_table = 'twice'");
        TargetTable table = contact(options, t, SECOND);
        assertThat(table.load()).isEqualTo(Load.STAGED);
        assertThat(entry(t).state()).isEqualTo(LoadState.LOADING);
        assertThat(server.query("target", "select * from \"New Schema\".twice")).hasSize(1);
    }

    @Test
    @DisplayName("S15: a target column that would take binary values for something else is refused")
    void unfitTablesAreRefusedWithRemedies() throws Exception {
        TableSchema t = source("unfit", "id int8 primary key, at int8, label text, gone int, made int");
        server.execute(
                "target",
                "create schema if not exists \"New Schema\"",
                "create table \"New Schema\".unfit(id int8, at timestamp, label varchar(3), must int not null,"
                        + " made int generated always as (1) stored)");
        assertThatThrownBy(() -> contact(options(DeleteMode.KEEP, ForeignRows.REFUSE), t, null))
                .isInstanceOf(UnfitTargetException.class)
                .hasMessageContaining("at is bigint in public.unfit and timestamp without time zone")
                .hasMessageContaining("gone (integer) is missing")
                .hasMessageContaining("must of New Schema.unfit is NOT NULL")
                .hasMessageContaining("made of New Schema.unfit is generated")
                .hasMessageContaining("the key of public.unfit is (id)")
                .hasMessageNotContaining("label");
        assertThat(entry(t)).isNull();
    }

    @Test
    void typesOfUsersHaveToExistOnTheTarget() throws Exception {
        server.execute("source", "create type mood as enum ('fine', 'so-so')");
        server.execute("source", "create domain small as int not null check (value < 10)");
        server.execute("target", "create domain small as int not null check (value < 10)");
        TableSchema t = source("typed", "id int primary key, m mood[], s small");
        ApplyOptions options = options(DeleteMode.KEEP, ForeignRows.REFUSE);
        assertThatThrownBy(() -> contact(options, t, null))
                .isInstanceOf(UnfitTargetException.class)
                .hasMessageContaining("type public.mood[] of column m")
                .hasMessageContaining("create the type");
        server.execute("target", "create type filler as enum ()", "create type mood as enum ('fine', 'so-so')");
        TargetTable table = contact(options, t, null);
        assertThat(table.columns().get(2).sqlType()).isEqualTo("public.small");
        assertThat(table.columns().get(2).stagedType()).isEqualTo("integer");
    }

    @Test
    void keylessSourceTableNeedsTheUsersConsent() throws Exception {
        TableSchema t = source("keyless", "note text");
        assertThatThrownBy(() -> contact(options(DeleteMode.KEEP, ForeignRows.REFUSE), t, FIRST))
                .isInstanceOf(UnfitTargetException.class)
                .hasMessageContaining("primary-key-required");
    }

    @Test
    void preflightNamesWhatARoleLacksAndChangesNothing() throws Exception {
        TableSchema t = source("checked", "id int primary key");
        TableSchema u = source("unchecked", "id int primary key");
        server.execute(
                "target",
                "create schema if not exists \"New Schema\"",
                "create table \"New Schema\".checked(id int primary key, u int unique)",
                "alter table \"New Schema\".checked enable row level security",
                "create role weak login password 'loopback-only'",
                "grant usage on schema \"New Schema\", _sluice to weak",
                "grant select on all tables in schema _sluice to weak",
                "grant select, insert on \"New Schema\".checked to weak");
        ApplyOptions options = options(DeleteMode.KEEP, ForeignRows.REFUSE);
        try (Connection connection = server.connect("target")) {
            connection.createStatement().execute("set role weak");
            TargetTables tables = new TargetTables(LEDGER, options);
            assertThat(String.join("\n", tables.problems(connection, List.of(t, u))))
                    .contains("checked has row security")
                    .contains("lacks UPDATE on New Schema.checked")
                    .contains("lacks DELETE on New Schema.checked")
                    .doesNotContain("SELECT on New")
                    .contains("lacks CREATE or USAGE on schema New Schema")
                    .contains("lacks CREATE or USAGE on schema _sluice");
            assertThat(tables.remarks(connection, List.of(t, u)))
                    .singleElement()
                    .asString()
                    .contains("checked_u_key");
            assertThatThrownBy(() -> tables.contact(connection, u, null))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("New Schema.unchecked")
                    .hasMessageContaining("grant this");
            assertThat(connection.getAutoCommit()).isTrue();
        }
        try (Connection connection = server.connect("target")) {
            assertThat(new TargetTables(LEDGER, options).problems(connection, List.of(t, u)))
                    .isEmpty();
            assertThat(server.query("target", "select to_regclass('\"New Schema\".unchecked')"))
                    .containsExactly(List.of("null"));
        }
    }
}
