package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.table.UnfitTargetException;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.TableSchema;
import io.sluice.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DirectLoadIT extends SnapshotLoads {
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
    void nothingEndsBeforeTheKeyIsThere() throws Exception {
        TableSchema t = create("ending", 200_000);
        TargetWriter writer = writer(plain("ending"));
        writeAll(writer, snapshot(t, 1 << 20));
        writer.awaitKeys();
        assertThat(key("ending")).hasSize(1);
        assertThat(state("ending")).isEqualTo("DIRECT COMPLETE");
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
