package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.table.StaleSnapshotException;
import io.sluice.postgres.apply.table.UnfitTargetException;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source tables lie in the schema {@code public}, targets of the same name in {@code copy}. */
@Timeout(60)
class DirectLoadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CHUNKS = 3;

    private static PostgresServer server;
    private static ConnectionSettings settings;
    private final List<TargetWriter> writers = new ArrayList<>();

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

    private static ApplyOptions options(String pipeline, DeleteMode deletes, ForeignRows foreign) {
        return new ApplyOptions(
                pipeline,
                "_sluice",
                source -> new TableName("copy", source.table()),
                new RowOptions(deletes, TruncateMode.APPLY, KeyPolicy.OPTIONAL, foreign),
                FlushPolicy.DEFAULT);
    }

    private TargetWriter writer(ApplyOptions options) throws SQLException {
        TargetWriter writer = TargetWriter.open(settings, "direct load test", options);
        writers.add(writer);
        return writer;
    }

    private static ApplyOptions plain(String pipeline) {
        return options(pipeline, DeleteMode.KEEP, ForeignRows.REFUSE);
    }

    private static TableSchema create(String table, String columns, String select) throws Exception {
        server.execute(
                "postgres", "create table " + table + "(" + columns + ")", "insert into " + table + " " + select);
        try (Connection connection = server.connect("postgres")) {
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    private static TableSchema create(String table, int rows) throws Exception {
        return create(
                table,
                "id int primary key, note text, at timestamptz",
                "select i, nullif('row ' || i, 'row 7'), now() from generate_series(1, " + rows + ") i");
    }

    /** All batches of a table's snapshot, taken now, chunk by chunk in pieces of about {@code bytes}. */
    private static List<SnapshotBatch> snapshot(TableSchema table, int bytes) throws Exception {
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

    private static void writeAll(TargetWriter writer, List<SnapshotBatch> batches) throws SQLException {
        for (SnapshotBatch batch : batches) {
            writer.write(batch);
        }
    }

    private static void assertSame(String table, String columns) throws Exception {
        String both = "select " + columns + " from public." + table + " %s select " + columns + " from copy." + table;
        assertThat(server.query("postgres", String.format(both, "except all"))).isEmpty();
        assertThat(server.query(
                        "postgres",
                        "select (select count(*) from copy." + table + ") - (select count(*) from public." + table
                                + ")"))
                .containsExactly(List.of("0"));
    }

    private static String state(String table) throws SQLException {
        return server.query(
                        "postgres",
                        "select load || ' ' || state from _sluice.pipeline_table where source_table = '" + table + "'")
                .get(0)
                .get(0);
    }

    private static void awaitComplete(TargetWriter writer, String table) {
        Await.until(PATIENCE, "the copy of " + table + " to be complete", () -> {
            writer.prepare();
            return state(table).endsWith("COMPLETE");
        });
    }

    private static List<List<String>> key(String table) throws SQLException {
        return server.query(
                "postgres",
                "select pg_get_constraintdef(oid) from pg_constraint where contype = 'p' and conrelid = 'copy." + table
                        + "'::regclass");
    }

    private static long sessionsInCopy() throws SQLException {
        return Long.parseLong(server.query(
                        "postgres",
                        "select count(*) from pg_stat_activity where query like 'COPY %' and state <> 'idle'")
                .get(0)
                .get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"note text", "note text, r regclass"})
    @DisplayName("S17: the key of a table that we made is built after its rows, BINARY and TEXT alike")
    void keyIsBuiltAfterTheRows(String columns) throws Exception {
        boolean text = columns.contains("regclass");
        String name = text ? "whole_text" : "whole_binary";
        TableSchema t = create(
                name,
                "id int, part text, " + columns + ", primary key (part, id)",
                "select i, 'p' || i % 3, nullif(E'tab\\tline\\nback\\\\' || i, 'x')" + (text ? ", 'pg_class'" : "")
                        + " from generate_series(1, 5000) i");
        TargetWriter writer = writer(plain(name));
        List<SnapshotBatch> batches = snapshot(t, 20_000);
        writeAll(writer, batches.subList(0, batches.size() - 1));
        Unit unit = writer.prepare();
        assertThat(unit.steps()).isEmpty();
        assertThat(unit.end()).isNull();
        assertThat(key(name)).isEmpty();
        assertThat(state(name)).isEqualTo("DIRECT LOADING");
        writer.write(batches.get(batches.size() - 1));
        awaitComplete(writer, name);
        assertThat(key(name)).containsExactly(List.of("PRIMARY KEY (part, id)"));
        assertSame(name, "id, part, " + columns.replace(" text", "").replace(" regclass", "::text"));
        assertThat(writer.stats().copied()).isEqualTo(5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int", "regclass"})
    void metadataColumnsAreAppendedToEachRow(String type) throws Exception {
        String name = "meta_" + type;
        TableSchema t = create(
                name,
                "id int primary key, v " + type,
                "select i, case when i % 2 = 0 then i end from" + " generate_series(1, 1000) i");
        TargetWriter writer = writer(options(name, DeleteMode.MARK, ForeignRows.REFUSE));
        List<SnapshotBatch> batches = snapshot(t, 3_000);
        writeAll(writer, batches);
        awaitComplete(writer, name);
        assertSame(name, "id, v");
        long taken = batches.get(0).chunk().snapshot().time();
        assertThat(server.query(
                        "postgres",
                        "select distinct (extract(epoch from _sdc_extracted_at) * 1000000)::int8 - 946684800000000,"
                                + " _sdc_batched_at between now() - interval '1 minute' and now(), _sdc_deleted_at"
                                + " from copy." + name))
                .containsExactly(List.of("" + taken, "t", "null"));
    }

    @Test
    @DisplayName("S6: rows that come again are left out by their number, also inside a batch and without a key")
    void replayedRowsAreLeftOut() throws Exception {
        TableSchema t = create("keyless", "id int, note text", "select i, 'row ' || i from generate_series(1, 3000) i");
        TargetWriter first = writer(plain("keyless"));
        List<SnapshotBatch> pieces = snapshot(t, 3_000);
        assertThat(pieces.get(2).rows().last()).isFalse();
        writeAll(first, pieces.subList(0, 2));
        first.prepare();
        first.write(pieces.get(2));
        first.close();

        TargetWriter second = writer(plain("keyless"));
        List<SnapshotBatch> other = new ArrayList<>(pieces);
        // The same rows, cut at other places: two pieces as one, so that a batch begins below the ledger's number.
        SnapshotBatch.Rows a = other.get(1).rows();
        SnapshotBatch.Rows b = other.get(2).rows();
        byte[] both = java.util.Arrays.copyOf(a.bytes(), a.length() + b.length());
        System.arraycopy(b.bytes(), 0, both, a.length(), b.length());
        other.set(
                1,
                new SnapshotBatch(
                        t,
                        0,
                        other.get(1).chunk(),
                        new SnapshotBatch.Rows(
                                a.format(), both, both.length, a.first(), a.count() + b.count(), b.last())));
        other.remove(2);
        writeAll(second, other);
        second.prepare();
        assertSame("keyless", "id, note");
        assertThat(second.stats().copied())
                .isEqualTo(3000 - pieces.get(0).rows().count() - a.count());
        awaitComplete(second, "keyless");

        // All of it once more, with barriers between.
        TargetWriter third = writer(plain("keyless"));
        for (SnapshotBatch piece : pieces) {
            third.write(piece);
            third.prepare();
        }
        assertSame("keyless", "id, note");
        assertThat(state("keyless")).isEqualTo("DIRECT COMPLETE");
    }

    @Test
    void rowsThatAreMissingAreAnError() throws Exception {
        TableSchema t = create("gap", 2000);
        TargetWriter writer = writer(plain("gap"));
        List<SnapshotBatch> pieces = snapshot(t, 5_000);
        writer.write(pieces.get(0));
        assertThatThrownBy(() -> writer.write(pieces.get(2)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("are missing")
                .hasMessageContaining("public.gap");
    }

    @Test
    @DisplayName("F9: what a writer had not ended is gone when it closes, and no COPY stays open")
    void closeBreaksOff() throws Exception {
        TableSchema t = create("broken", 2000);
        TargetWriter writer = writer(plain("broken"));
        List<SnapshotBatch> pieces = snapshot(t, 5_000);
        writer.write(pieces.get(0));
        assertThat(sessionsInCopy()).isEqualTo(1);
        writer.close();
        Await.until(PATIENCE, "the COPY to end", () -> sessionsInCopy() == 0);
        assertThat(server.query("postgres", "select count(*) from copy.broken")).containsExactly(List.of("0"));
        assertThat(server.query("postgres", "select count(*) from _sluice.chunk where source_table = 'broken'"))
                .containsExactly(List.of("0"));
    }

    @Test
    @DisplayName("F4: a later snapshot takes back what an earlier one delivered")
    void laterSnapshotTakesBack() throws Exception {
        TableSchema t = create("ghost", 3000);
        List<SnapshotBatch> earlier = snapshot(t, 10_000);
        TargetWriter first = writer(plain("ghost"));
        writeAll(first, earlier.subList(0, earlier.size() - 1));
        first.prepare();
        first.close();
        server.execute("postgres", "delete from ghost where id <= 1000", "update ghost set note = 'new'");

        List<SnapshotBatch> later = snapshot(t, 10_000);
        TargetWriter second = writer(plain("ghost"));
        writeAll(second, later);
        awaitComplete(second, "ghost");
        assertSame("ghost", "id, note, at");
        assertThat(key("ghost")).hasSize(1);

        // A copy that is complete is taken back, too; its key stays.
        server.execute("postgres", "delete from ghost where id <= 2000");
        TargetWriter third = writer(plain("ghost"));
        writeAll(third, snapshot(t, 10_000));
        awaitComplete(third, "ghost");
        assertSame("ghost", "id, note, at");
        assertThat(key("ghost")).hasSize(1);
        TargetWriter zombie = writer(plain("ghost"));
        assertThatThrownBy(() -> zombie.write(later.get(0))).isInstanceOf(StaleSnapshotException.class);
    }

    @Test
    @DisplayName("S17: a COPY of an earlier snapshot that hangs neither holds up the later one nor commits")
    void zombieCannotCommit() throws Exception {
        TableSchema t = create("zombie", 3000);
        List<SnapshotBatch> earlier = snapshot(t, 10_000);
        TargetWriter hanging = writer(plain("zombie"));
        hanging.write(earlier.get(0));
        TargetWriter between = writer(plain("zombie"));
        SnapshotBatch second = earlier.stream()
                .filter(batch -> batch.chunk().index() == 1)
                .findFirst()
                .orElseThrow();
        between.write(second);
        between.prepare();

        TargetWriter successor = writer(plain("zombie"));
        List<SnapshotBatch> later = snapshot(t, 10_000);
        writeAll(successor, later.subList(0, 2));
        assertThatThrownBy(hanging::prepare).isInstanceOf(SQLException.class);
        // Its session held nothing, so it lives; what it copies is refused when it is to be committed.
        assertThatThrownBy(() -> {
                    for (SnapshotBatch batch : earlier) {
                        if (batch.chunk().index() == 1) {
                            between.write(batch);
                        }
                    }
                })
                .isInstanceOf(StaleSnapshotException.class);
        writeAll(successor, later.subList(2, later.size()));
        awaitComplete(successor, "zombie");
        assertSame("zombie", "id, note, at");
    }

    @Test
    @DisplayName("S17: of two writers of one chunk only one can commit")
    void oneOfTwo() throws Exception {
        TableSchema t = create("twice", 3000);
        List<SnapshotBatch> pieces = snapshot(t, 10_000);
        TargetWriter one = writer(plain("twice"));
        TargetWriter two = writer(plain("twice"));
        one.write(pieces.get(0));
        two.write(pieces.get(0));
        one.prepare();
        assertThatThrownBy(two::prepare)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("another writer has brought rows");
        writeAll(one, pieces.subList(1, pieces.size()));
        awaitComplete(one, "twice");
        assertSame("twice", "id, note, at");
    }

    @Test
    @DisplayName("S17: a key that a failure left to be built is built by the next writer")
    void leftOverKeyIsBuilt() throws Exception {
        TableSchema t = create("leftover", 1000);
        try (Connection holder = server.connect("postgres")) {
            TargetWriter first = writer(plain("leftover"));
            List<SnapshotBatch> pieces = snapshot(t, 100_000);
            writeAll(first, pieces.subList(0, pieces.size() - 1));
            // Holds up the key, not the COPY.
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table copy.leftover in row exclusive mode");
            first.write(pieces.get(pieces.size() - 1));
            Await.until(PATIENCE, "the key to wait", () -> !server.query(
                            "postgres",
                            "select from pg_stat_activity where query like 'ALTER TABLE%'"
                                    + " and wait_event_type = 'Lock'")
                    .isEmpty());
            first.close();
            Await.until(PATIENCE, "the key's session to end", () -> server.query(
                            "postgres",
                            "select from pg_stat_activity where query like 'ALTER TABLE%'" + " and state <> 'idle'")
                    .isEmpty());
            holder.rollback();
        }
        assertThat(key("leftover")).isEmpty();
        assertThat(state("leftover")).isEqualTo("DIRECT LOADING");
        awaitComplete(writer(plain("leftover")), "leftover");
        assertThat(key("leftover")).hasSize(1);
    }

    @Test
    void aKeyThatCannotBeBuiltStopsTheWriter() throws Exception {
        TableSchema t = create("dup", 1000);
        List<SnapshotBatch> pieces = snapshot(t, 100_000);
        TargetWriter writer = writer(plain("dup"));
        writeAll(writer, pieces.subList(0, pieces.size() - 1));
        writer.prepare();
        server.execute("postgres", "insert into copy.dup values (1, 'of somebody else')");
        writer.write(pieces.get(pieces.size() - 1));
        assertThatThrownBy(() -> Await.until(PATIENCE, "the build to fail", () -> {
                    try {
                        writer.prepare();
                        return false;
                    } catch (SQLException e) {
                        throw new AssertionError(e.getMessage());
                    }
                }))
                .hasMessageContaining("cannot build the key (\"id\") of copy.dup");
    }

    @Test
    void emptyTableIsCompleteWithItsKey() throws Exception {
        TableSchema t = create("nothing", 0);
        TargetWriter writer = writer(plain("nothing"));
        writeAll(writer, snapshot(t, 1000));
        awaitComplete(writer, "nothing");
        assertThat(key("nothing")).hasSize(1);
    }

    @Test
    void aTableWithRowsOfOthersIsRefusedOrStaged() throws Exception {
        TableSchema t = create("others", 500);
        server.execute(
                "postgres",
                "create schema if not exists copy",
                "create table copy.others (like public.others including all)",
                "insert into copy.others values (-1, 'mine')");
        List<SnapshotBatch> pieces = snapshot(t, 5_000);
        TargetWriter refused = writer(plain("others 1"));
        assertThatThrownBy(() -> refused.write(pieces.get(0))).isInstanceOf(UnfitTargetException.class);

        TargetWriter staged = writer(options("others 2", DeleteMode.KEEP, ForeignRows.MERGE));
        writeAll(staged, pieces);
        Unit unit = staged.prepare();
        assertThat(server.query("postgres", "select count(*) from copy.others")).containsExactly(List.of("1"));
        assertThat(unit.steps()).hasSize(CHUNKS).allSatisfy(step -> assertThat(step)
                .isInstanceOfSatisfying(Step.SnapshotRows.class, rows -> {
                    assertThat(rows.first()).isZero();
                    assertThat(rows.last()).isTrue();
                    assertThat(rows.end()).isEqualTo(rows.rows().counts().inserts());
                }));
        assertThat(staged.stats().staged()).isEqualTo(500);
    }
}
