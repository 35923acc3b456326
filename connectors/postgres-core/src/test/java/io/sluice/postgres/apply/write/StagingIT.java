package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.ValueFormat;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class StagingIT extends StagedChanges {
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
}
