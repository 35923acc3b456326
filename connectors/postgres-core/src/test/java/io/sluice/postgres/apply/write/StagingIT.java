package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StagingIT {
    private static final Origin ORIGIN = new Origin("1", 1, "slot", "pgoutput");
    private static PostgresServer server;
    private static ConnectionSettings settings;
    private final List<TargetWriter> writers = new ArrayList<>();
    private long ordinal;

    /** 18 extends tables by many pages and fills them at the next COPY; 15 does not. */
    @BeforeAll
    static void start() {
        server = PostgresServer.quick(18);
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

    private TargetWriter writer(FlushPolicy policy) throws Exception {
        return writer(policy, TargetWriter.BUFFER_BYTES);
    }

    private TargetWriter writer(FlushPolicy policy, long bufferBytes) throws Exception {
        TargetWriter writer = TargetWriter.open(
                settings,
                "staging test",
                new ApplyOptions(
                        "staging",
                        "_sluice",
                        source -> new TableName("copy", source.table()),
                        RowOptions.DEFAULT,
                        policy),
                bufferBytes);
        writers.add(writer);
        return writer;
    }

    private static FlushPolicy full(int rows) {
        return new FlushPolicy(
                rows, 64 << 20, Duration.ofHours(1), Duration.ofHours(1), FlushPolicy.Scope.FULL_TABLE_ONLY);
    }

    private static String lower(ValueFormat format) {
        return format.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static TableSchema create(String table, String columns) throws Exception {
        server.execute("postgres", "create table " + table + "(" + columns + ")");
        try (Connection connection = server.connect("postgres")) {
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    /** INSERTs of (int4, text) with ids from {@code first} on. */
    private RowBatch inserts(TableSchema table, ValueFormat format, int first, int count, int noteLength) {
        RowBatchBuilder builder = new RowBatchBuilder(table, 0, format);
        for (int id = first; id < first + count; id++) {
            add(builder, format, ChangeKind.INSERT, id, "x".repeat((id * 31 & 0x7fff) % noteLength) + id);
        }
        return builder.build();
    }

    private void add(RowBatchBuilder builder, ValueFormat format, ChangeKind kind, int id, String note) {
        byte[] key = new byte[4];
        BigEndian.putInt(key, 0, id);
        key = format == ValueFormat.BINARY ? key : String.valueOf(id).getBytes(StandardCharsets.UTF_8);
        byte[] text = note == null ? new byte[0] : note.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = java.util.Arrays.copyOf(key, key.length + text.length);
        System.arraycopy(text, 0, bytes, key.length, text.length);
        Tuple row = new Tuple();
        row.reset(bytes, 2);
        row.value(0, 0, key.length);
        if (note == null) {
            row.setUnchanged(1);
        } else {
            row.value(1, key.length, text.length);
        }
        builder.add(new ChangePosition(new Lsn(5), ++ordinal), 0, kind, row);
    }

    private static Stream<Step.Rows> rows(Unit unit) {
        return unit.steps().stream().map(Step.Rows.class::cast);
    }

    private static List<String> tables(Unit unit) {
        return rows(unit)
                .map(Step.Rows::staged)
                .filter(Staged.InTable.class::isInstance)
                .map(staged -> ((Staged.InTable) staged).table())
                .distinct()
                .toList();
    }

    /** What the commit of a unit does to the tables that it consumed. */
    private static void free(Unit unit) throws Exception {
        for (String table : tables(unit)) {
            server.execute(
                    "postgres",
                    "begin; truncate _sluice." + table + "; update _sluice.staging set unit = null where name = '"
                            + table + "'; commit");
        }
    }

    @ParameterizedTest
    @EnumSource(ValueFormat.class)
    @DisplayName("F7: segments are found again in the blocks that the unit names, wherever the server put the rows")
    void segmentsAreFoundInTheirBlocks(ValueFormat format) throws Exception {
        TableSchema t = create("segments_" + lower(format), "id int primary key, note text");
        TargetWriter writer = writer(full(10_000));
        for (int i = 0; i < 10; i++) {
            writer.write(inserts(t, format, 9_000 * i, 9_000, 400));
        }
        Unit unit = writer.prepare();
        assertThat(unit.steps()).hasSize(9);
        // Segments share tables, but a table does not grow without end.
        assertThat(tables(unit)).hasSize(3);
        int next = 0;
        for (Step.Rows step : rows(unit).toList()) {
            assertThat(step.counts()).isEqualTo(new Step.Counts(10_000, 0, 0, 0));
            Staged.InTable staged = (Staged.InTable) step.staged();
            assertThat(server.query(
                            "postgres",
                            "select count(*), count(distinct c0::int), min(c0::int), max(c0::int), min(s_op),"
                                    + " count(*) filter (where c1 = repeat('x', ((c0::int * 31) & 32767) % 400)"
                                    + " || c0::text) from _sluice." + staged.table() + " where s_segment = "
                                    + staged.segment() + " and ctid >= '(" + staged.firstBlock()
                                    + ",0)' and ctid < '(" + staged.endBlock() + ",0)'"))
                    .containsExactly(List.of("10000", "10000", "" + next, "" + (next + 9_999), "I", "10000"));
            next += 10_000;
        }
        assertThat(writer.stats().staged()).isEqualTo(90_000);
    }

    @ParameterizedTest
    @EnumSource(ValueFormat.class)
    void smallUnitsRideInline(ValueFormat format) throws Exception {
        TableSchema t = create("small_" + lower(format), "id int primary key, note text");
        TargetWriter writer = writer(full(10_000));
        RowBatchBuilder changes = new RowBatchBuilder(t, 0, format);
        add(changes, format, ChangeKind.INSERT, 1, "one");
        add(changes, format, ChangeKind.UPDATE, 2, null);
        add(changes, format, ChangeKind.UPDATE, 1, "eins");
        add(changes, format, ChangeKind.DELETE, 3, "");
        writer.write(changes.build());
        writer.write(new Progress(0, ORIGIN, ChangePosition.atEnd(new Lsn(77))));
        writer.write(new Progress(0, ORIGIN, ChangePosition.atEnd(new Lsn(78))));
        Unit unit = writer.prepare();
        assertThat(unit.end()).isEqualTo(new Unit.End(ORIGIN, ChangePosition.atEnd(new Lsn(78))));
        Step.Rows step = rows(unit).findFirst().orElseThrow();
        assertThat(step.counts()).isEqualTo(new Step.Counts(1, 1, 1, 1));
        Staged.Inline inline = (Staged.Inline) step.staged();
        server.execute(
                "postgres",
                "create table taken_" + format + " (segment int, op \"char\", lsn pg_lsn, ordinal int8,"
                        + " time timestamptz, unchanged bytea, c0 " + (format == ValueFormat.TEXT ? "text" : "int")
                        + ", c1 text)");
        try (Connection connection = server.connect("postgres");
                var copy = io.sluice.postgres.connection.CopyTarget.binary(
                        connection, "copy taken_" + format + " from stdin (format binary)")) {
            copy.write(inline.bytes(), 0, inline.length());
            assertThat(copy.finish()).isEqualTo(3);
        }
        assertThat(server.query(
                        "postgres",
                        "select op, lsn, ordinal, get_bit(unchanged, 0), get_bit(unchanged, 1), c0, c1 from taken_"
                                + format + " order by c0"))
                .containsExactly(
                        List.of("I", "0/5", "3", "null", "null", "1", "eins"),
                        List.of("U", "0/5", "2", "0", "1", "2", "null"),
                        List.of("D", "0/5", "4", "null", "null", "3", "null"));
        Unit empty = writer.prepare();
        assertThat(empty.steps()).isEmpty();
        assertThat(empty.end()).isNull();
        assertThat(empty.id()).isNotEqualTo(unit.id());
        assertThat(empty.incarnation()).isEqualTo(unit.incarnation());
    }

    @Test
    @DisplayName("F7: a staging table is not taken again before its unit was committed")
    void tablesBelongToOneUnit() throws Exception {
        TableSchema t = create("pool", "id int primary key, note text");
        TargetWriter writer = writer(full(10_000));
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writer.write(inserts(t, ValueFormat.BINARY, 0, 10_000, 300));
            units.add(writer.prepare());
        }
        Set<String> used = new HashSet<>();
        units.forEach(unit -> used.addAll(tables(unit)));
        assertThat(used).hasSize(3);
        for (Unit unit : units) {
            assertThat(server.query(
                            "postgres",
                            "select count(*) from _sluice." + tables(unit).get(0)))
                    .containsExactly(List.of("10000"));
            assertThat(server.query(
                            "postgres",
                            "select unit, incarnation, pipeline from _sluice.staging where name = '"
                                    + tables(unit).get(0) + "'"))
                    .containsExactly(List.of("" + unit.id(), "" + unit.incarnation(), "staging"));
        }
        free(units.get(1));
        writer.write(inserts(t, ValueFormat.BINARY, 0, 10_000, 300));
        Unit again = writer.prepare();
        assertThat(tables(again)).isEqualTo(tables(units.get(1)));
        writer.write(inserts(t, ValueFormat.BINARY, 0, 10_000, 300));
        assertThat(used).doesNotContainAnyElementsOf(tables(writer.prepare()));

        // Other values do not fit into a table of these, and another writer has tables of its own.
        free(again);
        writer.write(inserts(t, ValueFormat.TEXT, 0, 10_000, 300));
        assertThat(used).doesNotContainAnyElementsOf(tables(writer.prepare()));
        TargetWriter other = writer(full(10_000));
        other.write(inserts(t, ValueFormat.BINARY, 0, 10_000, 300));
        assertThat(used).doesNotContainAnyElementsOf(tables(other.prepare()));
    }

    @Test
    @DisplayName("F6: a cut closes all segments and comes once, though it is sent for each bucket")
    void cutsCloseSegments() throws Exception {
        TableSchema a = create("cut_a", "id int primary key, note text");
        TableSchema b = create("cut_b", "id int primary key, note text");
        TargetWriter writer = writer(full(10_000));
        writer.write(inserts(a, ValueFormat.BINARY, 0, 10, 5));
        writer.write(inserts(b, ValueFormat.BINARY, 0, 10, 5));
        ChangePosition truncated = new ChangePosition(new Lsn(5), ++ordinal);
        writer.write(new Truncation(List.of(a), 0, truncated, false));
        writer.write(new Truncation(List.of(a), 3, truncated, false));
        writer.write(inserts(a, ValueFormat.BINARY, 0, 3, 5));
        RowBatchBuilder key = new RowBatchBuilder(a, 0, ValueFormat.BINARY);
        add(key, ValueFormat.BINARY, ChangeKind.MOVED, 1, "");
        add(key, ValueFormat.BINARY, ChangeKind.UPDATE, 50, null);
        ChangePosition moved = new ChangePosition(new Lsn(5), ordinal);
        RowBatch both = key.build();
        writer.write(new KeyChange(both, 0, moved));
        writer.write(new KeyChange(both, 3, moved));
        writer.write(inserts(a, ValueFormat.BINARY, 3, 1, 5));
        List<Step> steps = writer.prepare().steps();
        assertThat(steps)
                .extracting(step -> step instanceof Step.Rows rows
                        ? rows.schema().name().table() + " " + rows.counts().rows()
                        : step.getClass().getSimpleName())
                .containsExactly("cut_a 10", "cut_b 10", "Truncate", "cut_a 3", "KeyUpdate", "cut_a 1");
        assertThat(steps.get(2)).isEqualTo(new Step.Truncate(List.of(a), truncated, false));
        assertThat(steps.get(4)).isEqualTo(new Step.KeyUpdate(both, moved));
    }

    @Test
    @DisplayName("S16: of keys that do not compare as bytes every row is staged, one with unchanged values alone")
    void otherKeysAreStagedAsTheyAre() throws Exception {
        TableSchema t = create("numbers", "id numeric primary key, note text");
        TargetWriter writer = writer(full(10_000));
        RowBatchBuilder changes = new RowBatchBuilder(t, 0, ValueFormat.TEXT);
        add(changes, ValueFormat.TEXT, ChangeKind.INSERT, 1, "one");
        add(changes, ValueFormat.TEXT, ChangeKind.UPDATE, 1, "uno");
        add(changes, ValueFormat.TEXT, ChangeKind.UPDATE, 1, null);
        add(changes, ValueFormat.TEXT, ChangeKind.DELETE, 1, "");
        writer.write(changes.build());
        assertThat(rows(writer.prepare()).map(Step.Rows::counts))
                .containsExactly(new Step.Counts(1, 1, 0, 0), new Step.Counts(0, 1, 0, 1), new Step.Counts(0, 0, 1, 0));
    }

    @Test
    @DisplayName("F9: a row that the server refuses leaves nothing staged, and a writer that closes no session")
    void brokenStagingLeavesNothing() throws Exception {
        TableSchema t = create("refused", "id int primary key, note text");
        TargetWriter writer = writer(full(10_000));
        RowBatchBuilder changes = new RowBatchBuilder(t, 0, ValueFormat.BINARY);
        for (int i = 0; i < 9_999; i++) {
            add(changes, ValueFormat.BINARY, ChangeKind.INSERT, i, "a long enough value".repeat(5));
        }
        add(changes, ValueFormat.BINARY, ChangeKind.INSERT, 9_999, "a NUL \0");
        RowBatch batch = changes.build();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> writer.write(batch))
                .isInstanceOf(java.sql.SQLException.class);
        String table = server.query(
                        "postgres",
                        "select name from _sluice.staging where unit is not null order by"
                                + " (select relfilenode from pg_class where relname = name) desc limit 1")
                .get(0)
                .get(0);
        assertThat(server.query("postgres", "select count(*) from _sluice." + table))
                .containsExactly(List.of("0"));
        closeWriters();
        io.sluice.testkit.Await.until(Duration.ofSeconds(20), "the writer's sessions to end", () -> server.query(
                        "postgres", "select from pg_stat_activity where application_name = 'staging test'")
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void timedFlushStagesWhatIsLarge(boolean zero) throws Exception {
        TableSchema t = create("timed_" + zero, "id int primary key, note text");
        Duration second = Duration.ofSeconds(1);
        TargetWriter writer = writer(new FlushPolicy(
                1_000_000,
                64 << 20,
                zero ? Duration.ZERO : second,
                second.multipliedBy(10),
                FlushPolicy.Scope.FULL_TABLE_ONLY));
        writer.flushTimed(-5);
        writer.write(inserts(t, ValueFormat.BINARY, 0, 100, 300));
        writer.idle();
        writer.flushTimed(second.toNanos());
        assertThat(writer.stats().flushes()).isZero();
        writer.write(inserts(t, ValueFormat.BINARY, 100, 10_000, 300));
        if (!zero) {
            writer.idle();
            writer.flushTimed(second.toNanos() + 1);
            assertThat(writer.stats().flushes()).isZero();
            writer.flushTimed(2 * second.toNanos());
            assertThat(writer.stats().flushes()).isEqualTo(1);
            // Sooner than the gap after the last flush.
            writer.write(inserts(t, ValueFormat.BINARY, 0, 10_000, 300));
            writer.flushTimed(3 * second.toNanos());
            writer.flushTimed(5 * second.toNanos());
            assertThat(writer.stats().flushes()).isEqualTo(1);
            writer.flushTimed(13 * second.toNanos());
            assertThat(writer.stats().flushes()).isEqualTo(2);
        } else {
            writer.idle();
            assertThat(writer.stats().flushes()).isEqualTo(1);
        }
    }

    @Test
    void memoryIsBoundedOverAllTables() throws Exception {
        TableSchema small = create("memory_small", "id int primary key, note text");
        TableSchema large = create("memory_large", "id int primary key, note text");
        TargetWriter writer = writer(full(1_000_000), 4 << 20);
        writer.write(inserts(small, ValueFormat.BINARY, 0, 2_000, 400));
        for (int i = 0; i < 10; i++) {
            writer.write(inserts(large, ValueFormat.BINARY, 3_000 * i, 3_000, 400));
        }
        long early = writer.stats().staged();
        assertThat(early).isBetween(12_000L, 27_000L);
        List<Step.Rows> steps = rows(writer.prepare()).toList();
        assertThat(steps.stream().filter(step -> step.schema().equals(small))).hasSize(1);
        assertThat(steps.stream().mapToInt(step -> step.counts().rows()).sum()).isEqualTo(32_000);
    }

    @ParameterizedTest
    @EnumSource(FlushPolicy.Scope.class)
    void aFullTableFlushesWhatItsScopeSays(FlushPolicy.Scope scope) throws Exception {
        TableSchema a = create("scope_a_" + scope.ordinal(), "id int primary key, note text");
        TableSchema b = create("scope_b_" + scope.ordinal(), "id int primary key, note text");
        TargetWriter writer = writer(new FlushPolicy(100, 64 << 20, Duration.ofHours(1), Duration.ofHours(1), scope));
        writer.write(inserts(a, ValueFormat.BINARY, 0, 50, 10));
        // Keys count, not changes.
        writer.write(inserts(b, ValueFormat.BINARY, 0, 80, 10));
        writer.write(inserts(b, ValueFormat.BINARY, 0, 80, 10));
        assertThat(writer.stats().flushes()).isZero();
        writer.write(inserts(b, ValueFormat.BINARY, 80, 30, 10));
        assertThat(writer.stats().staged()).isEqualTo(scope == FlushPolicy.Scope.ALL_TABLES ? 150 : 100);
        assertThat(writer.prepare().steps()).hasSize(3);
    }
}
