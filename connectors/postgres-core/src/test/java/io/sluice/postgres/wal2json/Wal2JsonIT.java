package io.sluice.postgres.wal2json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.BatchAssembler;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.Visibility;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import io.sluice.postgres.connection.Secret;
import io.sluice.postgres.pgoutput.PgOutputDecoder;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class Wal2JsonIT {
    private static final String BIG = "repeat(md5('x'), 100)";
    private static final List<String> OPTIONS = List.of(
            "'format-version', '2', 'include-lsn', '1', 'include-xids', '1', 'include-timestamp', '1'",
            "'include-transaction', '1', 'include-types', '0', 'include-type-oids', '1', 'include-pk', '0'");

    @Postgres(wal2json = true)
    private static PostgresServer server;

    private String database;

    private interface Decoding {
        void decode(byte[] bytes, int offset, int length);
    }

    @BeforeEach
    void database() throws SQLException {
        database = server.createDatabase();
        server.execute(
                database,
                // What the session must not inherit: bytea_output=escape makes the plugin cut off two characters.
                "alter database " + database + " set bytea_output = escape",
                "alter database " + database + " set datestyle = 'German'",
                "alter database " + database + " set timezone = 'Asia/Kolkata'");
    }

    @Test
    @DisplayName("S10, F6: both plugins make the same batches of the same transactions")
    void sameBatchesAsPgoutput() throws Exception {
        create(
                "t(id int primary key, note text, big text)",
                "f(a text, id int, big text, primary key (id, a))",
                "types(id bigint primary key, s smallint, n numeric, m numeric(10,2), r real, d float8, b bool, y bytea,"
                        + " ya bytea[], j jsonb, js json, u uuid, c char(5), v varchar(20), dt date, tm time,"
                        + " tt timetz, ts timestamp, tz timestamptz, iv interval, ia int[], x xml, bt bit(3), o oid,"
                        + " ip inet, pt point, r4 int4range, mo money)");
        server.execute(
                database,
                "alter table t alter column big set storage external",
                "alter table f alter column big set storage external, replica identity full");
        slots("t, f, types");
        server.execute(
                database,
                "insert into t select 1, E'tab\\there \"q\" \\\\ é𝄞 \\u0001', " + BIG,
                "begin; update t set note = null; update t set id = 2; update t set id = 3, big = 'short';"
                        + " insert into t values (4, '', null); delete from t where id = 4; commit",
                "insert into f values ('x', 1, " + BIG + "), ('', 2, null)",
                "begin; update f set id = 3 where id = 1; savepoint s; update f set a = 'gone'; rollback to s;"
                        + " update f set big = null where id = 3; delete from f; commit",
                "truncate t",
                "insert into types values (1, -2, 1.50, 1, 1.1, 1e300, true, '\\x00ff5c',"
                        + " array['\\xab'::bytea, null], '{\"a\": [1, \"x\\\"\"]}', '{\"b\":  1}',"
                        + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'ab', 'it''s', '2026-02-28', '23:59:59.5',"
                        + " '12:00+05:30', '2026-01-01 00:00:00.000001', '0044-03-15 12:00:00+00 BC', '1 mon -2 days',"
                        + " '{1,null,3}', '<a b=\"c\"/>', '101', 4294967295, '::1/64', '(1.5,-2)', '[1,5)', 12.5)",
                "insert into types(id, n, m, r, d) values (-9223372036854775808,"
                        + " 123456789012345678901234567890.123456789, -0.01, '-0', 4.9e-324)",
                "insert into types(id, n) values (3, repeat('9', 5000)::numeric)");

        List<TableSchema> tables = tables("t", "f", "types");
        List<ChangeBatch> expected = pgoutput(tables, ChangePosition.ZERO);
        List<ChangeBatch> batches = wal2json(tables, ChangePosition.ZERO);
        assertThat(print(batches)).isEqualTo(print(expected)).hasSizeGreaterThan(20);
        assertThat(print(batches))
                .anyMatch(line -> line.startsWith("key ") && line.endsWith(": M [1, null, null]"))
                .anyMatch(line -> line.endsWith(": U [1, null, unchanged]"))
                .anyMatch(line -> line.contains("\\x00ff5c"));

        for (ChangeBatch batch : batches) {
            if (batch instanceof RowBatch rows) {
                for (RowCursor cursor = new RowCursor(rows); cursor.next(); ) {
                    assertThat(print(wal2json(tables, cursor.position())))
                            .isEqualTo(print(pgoutput(tables, cursor.position())));
                }
            }
        }
        ChangePosition end = batches.get(batches.size() - 1) instanceof Progress progress ? progress.position() : null;
        assertThat(wal2json(tables, end)).isEmpty();
    }

    @Test
    void valuesThatDifferByHowTheirTypeIsDeclared() throws Exception {
        server.execute(
                database,
                "create domain bytes as bytea",
                "create domain amount as numeric",
                "create schema \"Odd \"\"schema\"",
                "create type \"Odd \"\"schema\".\"Mood\" as enum ('it''s')");
        create("t(id int primary key, n numeric, f float8, a amount, y bytea, d bytes, m \"Odd \"\"schema\".\"Mood\")");
        slots("t");
        server.execute(database, "insert into t values (1, 'NaN', '-Infinity', 'NaN', '\\xdead', '\\xbeef', 'it''s')");
        // The plugin writes null where a number is none: it cannot be told from NULL, see the decoder's contract.
        assertThat(rows(wal2json(tables("t"), ChangePosition.ZERO)))
                .containsExactly("I [1, null, null, NaN, \\xdead, \\xbeef, it's]");
    }

    @Test
    void generatedColumnsAreLeftOutWhenTheyAreKnown() throws Exception {
        create("t(id int primary key, double int generated always as (id * 2) stored, note text)");
        slots("t");
        server.execute(database, "insert into t(id, note) values (1, 'x')", "update t set id = 2");
        List<TableSchema> tables = tables("t");
        assertThat(rows(wal2json(tables, ChangePosition.ZERO)))
                .containsExactlyInAnyOrder("I [1, x]", "M [1, null]", "I [2, x]")
                .isEqualTo(rows(pgoutput(tables, ChangePosition.ZERO)));

        server.execute(database, "alter table t add extra text default 'y'", "insert into t(id) values (3)");
        assertThatThrownBy(() -> wal2json(tables, ChangePosition.ZERO))
                .isInstanceOf(SchemaChangedException.class)
                .hasMessageContaining("\"extra\" is new");
    }

    @Test
    void transactionsWithoutCapturedRowsMoveThePosition() throws Exception {
        create("t(id int primary key)", "other(id int)");
        slots("t");
        server.execute(
                database,
                "insert into other values (1)",
                "select pg_logical_emit_message(false, 'p', 'c'), pg_logical_emit_message(true, 'p', 'c')");
        List<ChangeBatch> batches = wal2json(tables("t"), ChangePosition.ZERO);
        assertThat(batches).singleElement().isInstanceOfSatisfying(Progress.class, progress -> {
            assertThat(progress.position().ordinal()).isZero();
            assertThat(progress.position().lsn().isZero()).isFalse();
        });
    }

    private void create(String... tables) throws SQLException {
        for (String table : tables) {
            server.execute(database, "create table " + table);
        }
    }

    private void slots(String tables) throws SQLException {
        server.execute(
                database,
                "create publication p for table " + tables,
                "select pg_create_logical_replication_slot('" + database + "_p', 'pgoutput'),"
                        + " pg_create_logical_replication_slot('" + database + "_w', 'wal2json')");
    }

    private List<TableSchema> tables(String... names) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = pg_catalog");
            return Catalog.tables(
                    connection,
                    Arrays.stream(names)
                            .map(name -> new TableName("public", name))
                            .toList());
        }
    }

    private List<ChangeBatch> pgoutput(List<TableSchema> tables, ChangePosition start) throws SQLException {
        BatchAssembler assembler = assembler(start);
        Map<TableName, TableSchema> byName = byName(tables);
        PgOutputDecoder decoder =
                new PgOutputDecoder(ValueFormat.TEXT, relation -> byName.get(relation.name()), assembler);
        read(
                "pg_logical_slot_peek_binary_changes('" + database
                        + "_p', null, null, 'proto_version', '1', 'publication_names', 'p')",
                decoder::decode);
        return assembler.drain();
    }

    private List<ChangeBatch> wal2json(List<TableSchema> tables, ChangePosition start) throws SQLException {
        BatchAssembler assembler = assembler(start);
        Map<TableName, TableSchema> byName = byName(tables);
        Wal2JsonDecoder decoder = new Wal2JsonDecoder(
                new TableLookup() {
                    @Override
                    public @Nullable TableSchema find(TableName table) {
                        return byName.get(table);
                    }

                    @Override
                    public Set<String> ignored(TableSchema table) {
                        return Set.of("double");
                    }
                },
                assembler);
        String wanted = String.join(
                ",", tables.stream().map(table -> table.name().toString()).toList());
        read(
                "pg_logical_slot_peek_changes('" + database + "_w', null, null, " + String.join(", ", OPTIONS)
                        + ", 'add-tables', '" + wanted + "')",
                decoder::decode);
        return assembler.drain();
    }

    private void read(String function, Decoding decoding) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet messages = statement.executeQuery("select data from " + function)) {
            while (messages.next()) {
                byte[] message = messages.getBytes(1);
                decoding.decode(message, 0, message.length);
            }
        }
    }

    private Connection connect() throws SQLException {
        return Connections.query(
                new ConnectionSettings(
                        "source",
                        new ConnectionSettings.Endpoint(server.host(), server.port(), database),
                        PostgresServer.USER,
                        new Secret(PostgresServer.PASSWORD),
                        Duration.ofSeconds(10)),
                "sluice");
    }

    private static BatchAssembler assembler(ChangePosition start) {
        return new BatchAssembler(
                start, new Buckets(4), ValueFormat.TEXT, Visibility.NOTHING_COPIED, new Origin("1", 1, "s", "either"));
    }

    private static Map<TableName, TableSchema> byName(List<TableSchema> tables) {
        Map<TableName, TableSchema> byName = new LinkedHashMap<>();
        tables.forEach(table -> byName.put(table.name(), table));
        return byName;
    }

    private static List<String> rows(List<ChangeBatch> batches) {
        return print(batches).stream()
                .filter(line -> line.startsWith("row "))
                .map(line -> line.replaceFirst(".*?: ", ""))
                .toList();
    }

    /** Everything that a batch holds; a line for each row, which begins with its position. */
    private static List<String> print(List<ChangeBatch> batches) {
        List<String> lines = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            if (batch instanceof RowBatch rows) {
                print(rows, "row ", lines);
            } else if (batch instanceof KeyChange change) {
                print(change.rows(), "key ", lines);
            } else if (batch instanceof Truncation truncation) {
                lines.add("truncate " + truncation.tables() + " " + truncation.bucket() + " " + truncation.position());
            } else {
                lines.add(batch.toString());
            }
        }
        return lines;
    }

    private static void print(RowBatch rows, String prefix, List<String> lines) {
        for (RowCursor cursor = new RowCursor(rows); cursor.next(); ) {
            Tuple tuple = cursor.tuple();
            List<String> values = new ArrayList<>();
            for (int i = 0; i < tuple.width(); i++) {
                values.add(tuple.isUnchanged(i) ? "unchanged" : tuple.length(i) < 0 ? "null" : text(tuple, i));
            }
            lines.add(String.format(
                    "%s%016x %d %d %s %d: %s %s",
                    prefix,
                    cursor.lsn(),
                    cursor.ordinal(),
                    cursor.commitTime(),
                    rows.schema().name(),
                    rows.bucket(),
                    (char) cursor.kind().code(),
                    values));
        }
    }

    private static String text(Tuple tuple, int field) {
        String text = new String(tuple.bytes(), tuple.offset(field), tuple.length(field), StandardCharsets.UTF_8);
        return text.length() < 100 ? text : text.length() + " characters, hash " + text.hashCode();
    }
}
