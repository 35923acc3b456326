package io.sluice.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.change.BatchAssembler;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.Visibility;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgOutputIT {
    private static final Origin ORIGIN = new Origin("1", 1, "s", "pgoutput");
    private static final ColumnType INT = new ColumnType(23, -1, "integer", 23, new ColumnType.Traits(true, true));
    private static final ColumnType TEXT = new ColumnType(25, -1, "text", 25, new ColumnType.Traits(true, true));
    private static final TableSchema T = new TableSchema(
            new TableName("public", "t"),
            1,
            List.of(
                    new Column("id", 1, INT, 1, true),
                    new Column("note", 2, TEXT, 0, false),
                    new Column("big", 3, TEXT, 0, false)));
    private static final String BIG = "repeat(md5('x'), 100)";

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    @DisplayName("S10, F6: what a server sends, and the rest of it after a restart inside a transaction")
    void realServer(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major)) {
            server.execute(
                    "postgres",
                    "create table t(id int primary key, note text, big text)",
                    "alter table t alter column big set storage external",
                    "create table other(id int)",
                    "create publication p for table t, other with (publish = 'insert, truncate, update, delete')",
                    "select pg_create_logical_replication_slot('s', 'pgoutput')");
            server.execute("postgres", "insert into t select 1, E'tab\\there', " + BIG);
            server.execute(
                    "postgres",
                    "begin; insert into other values (9); update t set note = null; update t set id = 2;"
                            + " update t set id = 3, big = 'short'; insert into t values (4, '', null);"
                            + " delete from t where id = 4; commit");
            server.execute("postgres", "truncate t");

            List<ChangeBatch> all = read(server, ChangePosition.ZERO);
            assertThat(print(all))
                    .containsExactly(
                            "I 1 'tab\there' 3200",
                            "U 1 null unchanged",
                            "key M 1 null null",
                            "key U 2 null unchanged",
                            "M 2 null null",
                            "I 3 null 5",
                            "I 4 '' null",
                            "D 4 null null",
                            "truncate [public.t]");

            RowBatch last = all.stream()
                    .filter(RowBatch.class::isInstance)
                    .map(RowBatch.class::cast)
                    .reduce((first, second) -> second)
                    .orElseThrow();
            RowCursor cursor = new RowCursor(last);
            assertThat(cursor.next() && cursor.next() && cursor.next()).isTrue();
            assertThat(print(read(server, cursor.position()))).containsExactly("D 4 null null", "truncate [public.t]");
            ChangePosition end = all.get(all.size() - 1) instanceof Progress progress ? progress.position() : null;
            assertThat(print(read(server, end))).isEmpty();
        }
    }

    private static List<ChangeBatch> read(PostgresServer server, ChangePosition start) throws Exception {
        BatchAssembler assembler =
                new BatchAssembler(start, new Buckets(1), ValueFormat.TEXT, Visibility.NOTHING_COPIED, ORIGIN);
        PgOutputDecoder decoder = new PgOutputDecoder(
                ValueFormat.TEXT, relation -> relation.name().equals(T.name()) ? T : null, assembler);
        ConnectionSettings settings = new ConnectionSettings(
                "source",
                new ConnectionSettings.Endpoint(server.host(), server.port(), "postgres"),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
        try (Connection connection = Connections.query(settings, "sluice");
                Statement statement = connection.createStatement();
                ResultSet messages = statement.executeQuery("select data from pg_logical_slot_peek_binary_changes("
                        + "'s', null, null, 'proto_version', '1', 'publication_names', 'p')")) {
            while (messages.next()) {
                byte[] message = messages.getBytes(1);
                decoder.decode(message, 0, message.length);
            }
        }
        return assembler.drain();
    }

    private static List<String> print(List<ChangeBatch> batches) {
        List<String> lines = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            if (batch instanceof RowBatch rows) {
                print(rows, "", lines);
            } else if (batch instanceof KeyChange change) {
                print(change.rows(), "key ", lines);
            } else if (batch instanceof Truncation truncation) {
                lines.add("truncate "
                        + truncation.tables().stream().map(TableSchema::name).toList());
            }
        }
        return lines;
    }

    private static void print(RowBatch rows, String prefix, List<String> lines) {
        RowCursor cursor = new RowCursor(rows);
        while (cursor.next()) {
            Tuple tuple = cursor.tuple();
            lines.add(prefix + (char) cursor.kind().code() + " " + text(tuple, 0) + " "
                    + (tuple.length(1) < 0 ? "null" : "'" + text(tuple, 1) + "'") + " "
                    + (tuple.isUnchanged(2) ? "unchanged" : tuple.length(2) < 0 ? "null" : tuple.length(2)));
        }
    }

    private static String text(Tuple tuple, int field) {
        return new String(tuple.bytes(), tuple.offset(field), tuple.length(field), StandardCharsets.UTF_8);
    }
}
