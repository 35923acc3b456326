package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.postgres.snapshot.ChunkReader;
import io.sluice.postgres.snapshot.CtidRange;
import io.sluice.postgres.snapshot.SnapshotHolder;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Source tables lie in the schema {@code public}, targets of the same name in {@code copy}. */
abstract class SnapshotLoads {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int CHUNKS = 3;

    static PostgresServer server;
    static ConnectionSettings settings;
    final List<TargetWriter> writers = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = PostgresServer.quick(15);
        settings = new ConnectionSettings(
                "target",
                new ConnectionSettings.Endpoint(server.host(), server.port(), "postgres"),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void closeWriters() throws Exception {
        for (TargetWriter writer : writers) {
            writer.close();
        }
    }

    static ApplyOptions options(String pipeline, DeleteMode deletes, ForeignRows foreign) {
        return new ApplyOptions(
                pipeline,
                "_sluice",
                source -> new TableName("copy", source.table()),
                new RowOptions(deletes, TruncateMode.APPLY, KeyPolicy.OPTIONAL, foreign),
                FlushPolicy.DEFAULT);
    }

    TargetWriter writer(ApplyOptions options) throws SQLException {
        TargetWriter writer = TargetWriter.open(settings, "direct load test", options);
        writers.add(writer);
        return writer;
    }

    static ApplyOptions plain(String pipeline) {
        return options(pipeline, DeleteMode.KEEP, ForeignRows.REFUSE);
    }

    static TableSchema create(String table, String columns, String select) throws Exception {
        server.execute(
                "postgres", "create table " + table + "(" + columns + ")", "insert into " + table + " " + select);
        try (Connection connection = server.connect("postgres")) {
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    static TableSchema create(String table, int rows) throws Exception {
        return create(
                table,
                "id int primary key, note text, at timestamptz",
                "select i, nullif('row ' || i, 'row 7'), now() from generate_series(1, " + rows + ") i");
    }

    /** All batches of a table's snapshot, taken now, chunk by chunk in pieces of about {@code bytes}. */
    static List<SnapshotBatch> snapshot(TableSchema table, int bytes) throws Exception {
        List<SnapshotBatch> batches = new ArrayList<>();
        try (SnapshotHolder holder = SnapshotHolder.open(settings, "test", List.of(table))) {
            long blocks = holder.bytes(table.name()) / 8192;
            for (int i = 0; i < CHUNKS; i++) {
                CtidRange range = new CtidRange(
                        blocks * i / CHUNKS, i == CHUNKS - 1 ? CtidRange.OPEN : blocks * (i + 1) / CHUNKS);
                SnapshotChunk chunk = new SnapshotChunk(holder.snapshot(), i, CHUNKS);
                try (ChunkReader reader = ChunkReader.open(settings, holder.exported(), table, range, 0)) {
                    for (SnapshotBatch.Rows rows = reader.next(bytes); rows != null; rows = reader.next(bytes)) {
                        batches.add(new SnapshotBatch(table, 0, chunk, rows));
                    }
                }
            }
        }
        return batches;
    }

    static void writeAll(TargetWriter writer, List<SnapshotBatch> batches) throws SQLException {
        for (SnapshotBatch batch : batches) {
            writer.write(batch);
        }
    }

    static void assertSame(String table, String columns) throws Exception {
        String both = "select " + columns + " from public." + table + " %s select " + columns + " from copy." + table;
        assertThat(server.query("postgres", String.format(both, "except all"))).isEmpty();
        assertThat(server.query(
                        "postgres",
                        "select (select count(*) from copy." + table + ") - (select count(*) from public." + table
                                + ")"))
                .containsExactly(List.of("0"));
    }

    static String state(String table) throws SQLException {
        return server.query(
                        "postgres",
                        "select load || ' ' || state from _sluice.pipeline_table where source_table = '" + table + "'")
                .get(0)
                .get(0);
    }

    static void awaitComplete(TargetWriter writer, String table) {
        Await.until(PATIENCE, "the copy of " + table + " to be complete", () -> {
            writer.prepare();
            return state(table).endsWith("COMPLETE");
        });
    }

    static List<List<String>> key(String table) throws SQLException {
        return server.query(
                "postgres",
                "select pg_get_constraintdef(oid) from pg_constraint where contype = 'p' and conrelid = 'copy." + table
                        + "'::regclass");
    }

    static long sessionsInCopy() throws SQLException {
        return Long.parseLong(server.query(
                        "postgres",
                        "select count(*) from pg_stat_activity where query like 'COPY %' and state <> 'idle'")
                .get(0)
                .get(0));
    }
}
