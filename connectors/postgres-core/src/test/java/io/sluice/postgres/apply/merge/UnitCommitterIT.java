package io.sluice.postgres.apply.merge;

import static io.sluice.postgres.apply.merge.StagedRows.UNCHANGED;
import static io.sluice.postgres.apply.merge.Target.at;
import static io.sluice.postgres.apply.merge.Target.inline;
import static io.sluice.postgres.apply.merge.Target.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnitCommitterIT {
    private static Target target;

    @BeforeAll
    static void start() throws Exception {
        target = new Target(PostgresServer.quick(15));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @BeforeEach
    void forget() throws Exception {
        target.reset();
    }

    private static CommitResult commit(DeleteMode deletes, Unit... units) throws SQLException {
        try (UnitCommitter committer = target.committer(deletes)) {
            return committer.commit(List.of(units));
        }
    }

    private static StagedRows rows() {
        return new StagedRows();
    }

    @ParameterizedTest
    @EnumSource(ValueFormat.class)
    @DisplayName("F3: units that come twice are applied once, staged or carried, keyed or keyless")
    void deliveredTwice(ValueFormat format) throws Exception {
        TableSchema keyed = target.table("keyed", "id int primary key, note text");
        TableSchema keyless = target.table("keyless", "note text");
        UUID id = UUID.randomUUID();
        Object one = format == ValueFormat.TEXT ? "1" : (Object) 1;
        Unit unit = unit(
                id,
                100,
                target.staged(DeleteMode.REMOVE, id, keyed, format, rows().row('I', at(50, 1), one, "a")),
                inline(keyless, format, rows().row('I', at(50, 2), "x").row('I', at(60, 1), "x")));
        CommitResult first = commit(DeleteMode.REMOVE, unit);
        assertThat(first.rows()).isEqualTo(3);
        assertThat(first.alreadyApplied()).isFalse();
        assertThat(first.position()).isEqualTo(at(100, 0));
        CommitResult second = commit(DeleteMode.REMOVE, unit);
        assertThat(second.alreadyApplied()).isTrue();
        assertThat(second.rows()).isZero();
        assertThat(target.rows("select id, note, _sdc_extracted_at = '2000-01-01 00:00:01+00',"
                        + " _sdc_batched_at is not null, _sdc_deleted_at is null from keyed"))
                .containsExactly(List.of("1", "a", "t", "t", "t"));
        assertThat(target.rows("select note from keyless")).containsExactly(List.of("x"), List.of("x"));
    }

    @Test
    @DisplayName("F10: units of two barriers that come in one call are applied in order, writer by writer")
    void twoBarriersInOneCall() throws Exception {
        TableSchema keyed = target.table("keyed", "id int primary key, note text");
        commit(DeleteMode.REMOVE, unit(10, inline(keyed, rows().row('I', at(5, 1), 1, "a"))));
        Unit first = unit(20, inline(keyed, rows().row('U', at(15, 1), 1, "b").row('I', at(16, 1), 2, "x")));
        Unit second = unit(30, inline(keyed, rows().row('D', at(25, 1), 1, null).row('U', at(26, 1), 2, "y")));
        commit(
                DeleteMode.REMOVE,
                first,
                new Unit(second.pipeline(), first.incarnation(), second.id(), second.end(), second.steps()));
        assertThat(target.rows("select id, note from keyed")).containsExactly(List.of("2", "y"));
    }

    @Test
    @DisplayName("F3: a range that was read again and cut elsewhere is applied from the ledger's position on")
    void recutRanges() throws Exception {
        TableSchema keyed = target.table("keyed", "id int primary key, note text, u int");
        TableSchema keyless = target.table("keyless", "note text");
        commit(
                DeleteMode.REMOVE,
                unit(
                        100,
                        inline(
                                keyed,
                                rows().row('I', at(10, 1), 1, "a", 1)
                                        .row('I', at(20, 1), 2, "b", 2)
                                        .row('I', at(30, 1), 3, "c", 3)),
                        inline(keyless, rows().row('I', at(10, 2), "one").row('I', at(90, 1), "two"))));
        // 1 was inserted before and updated after the ledger's position, 2 deleted after it; 3 changed before it only.
        commit(
                DeleteMode.REMOVE,
                unit(
                        200,
                        inline(
                                keyed,
                                rows().row('I', at(150, 1), 1, "a2", 1)
                                        .row('D', at(160, 1), 2, null, null)
                                        .row('I', at(30, 1), 3, "wrong", 3)
                                        .row('I', at(170, 1), 4, "d", 4)),
                        inline(
                                keyless,
                                rows().row('I', at(10, 2), "one")
                                        .row('I', at(90, 1), "two")
                                        .row('I', at(110, 1), "three"))));
        assertThat(target.rows("select id, note from keyed order by id"))
                .containsExactly(List.of("1", "a2"), List.of("3", "c"), List.of("4", "d"));
        assertThat(target.rows("select note from keyless order by note"))
                .containsExactly(List.of("one"), List.of("three"), List.of("two"));
    }

    @Test
    @DisplayName("F3: a unit whose staged rows are gone is an error, never an empty commit")
    void lostUnit() throws Exception {
        TableSchema t = target.table("lost", "id int primary key");
        UUID id = UUID.randomUUID();
        Unit unit = unit(
                id, 100, target.staged(DeleteMode.REMOVE, id, t, ValueFormat.BINARY, rows().row('I', at(5, 1), 1)));
        target.server().execute("target", "update _sluice.staging set unit = gen_random_uuid()");
        assertThatThrownBy(() -> commit(DeleteMode.REMOVE, unit))
                .isInstanceOf(LostUnitException.class)
                .hasMessageContaining("public.lost")
                .hasMessageContaining(id.toString());
        assertThat(target.rows("select lsn from _sluice.pipeline")).isEmpty();
    }

    @Test
    @DisplayName("F6: INSERT, key change without its TOAST value, INSERT of the old key, over three writers")
    void cutsAreAppliedBetweenTheRowsOfAllWriters() throws Exception {
        TableSchema t = target.table("moved", "id int primary key, big text, n int");
        Step cut = new Step.KeyUpdate(keyChange(t, 1, 2), at(20, 1));
        Unit owner = unit(
                100,
                inline(t, rows().row('I', at(10, 1), 1, "toasted", 7)),
                cut,
                inline(t, rows().row('I', at(30, 1), 1, "new", 9)));
        Unit other = unit(100, cut, inline(t, rows().row('U', at(40, 1), 2, UNCHANGED, 11)));
        Unit without = unit(100);
        commit(DeleteMode.REMOVE, other, without, owner);
        assertThat(target.rows("select id, big, n from moved order by id"))
                .containsExactly(List.of("1", "new", "9"), List.of("2", "toasted", "11"));
        // Applied already: neither its rows nor its cuts come again.
        commit(DeleteMode.REMOVE, unit(200, cut));
        assertThat(target.rows("select count(*) from moved")).containsExactly(List.of("2"));
        assertThatThrownBy(() ->
                        commit(DeleteMode.REMOVE, unit(300, new Step.KeyUpdate(keyChange(t, 77, 78), at(250, 1)))))
                .isInstanceOf(MissingRowException.class)
                .hasMessageContaining("public.moved")
                .hasMessageContaining("id=77");
    }

    /** Old key, then the new one with {@code big} unchanged and n = 8. */
    private static RowBatch keyChange(TableSchema t, int from, int to) {
        RowBatchBuilder batch = new RowBatchBuilder(t, 0, ValueFormat.BINARY);
        batch.add(at(20, 1), StagedRows.TIME, ChangeKind.MOVED, tuple(from, null, null));
        Tuple row = tuple(to, null, 8);
        row.setUnchanged(1);
        batch.add(at(20, 1), StagedRows.TIME, ChangeKind.UPDATE, row);
        return batch.build();
    }

    private static Tuple tuple(@Nullable Integer... values) {
        byte[] bytes = new byte[4 * values.length];
        Tuple tuple = new Tuple();
        tuple.reset(bytes, values.length);
        for (int i = 0; i < values.length; i++) {
            Integer value = values[i];
            if (value != null) {
                java.nio.ByteBuffer.wrap(bytes).putInt(4 * i, value);
                tuple.value(i, 4 * i, 4);
            }
        }
        return tuple;
    }

    @Test
    @DisplayName("F6: writers that heard different cuts are refused")
    void differentCuts() throws Exception {
        TableSchema t = target.table("cuts", "id int primary key");
        Step cut = new Step.Truncate(List.of(t), at(20, 1), false);
        assertThatThrownBy(() ->
                        commit(DeleteMode.REMOVE, unit(100, cut), unit(100, inline(t, rows().row('I', at(10, 1), 1)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks the cut at 0/14+1");
    }

    @Test
    @DisplayName("S20: values of a further unique index swap between rows of two writers, move, and go to new rows")
    void valuesMoveBetweenRows() throws Exception {
        TableSchema t = target.table("swap", "id int primary key, u int, big text, dflt int");
        target.meet(DeleteMode.REMOVE, t);
        target.server()
                .execute(
                        "target",
                        "alter table swap add unique (u), add double_u int generated always as (u * 2) stored,"
                                + " add theirs int default 5");
        commit(
                DeleteMode.REMOVE,
                unit(
                        100,
                        inline(
                                t,
                                rows().row('I', at(10, 1), 1, 10, "one", 0)
                                        .row('I', at(10, 2), 2, 20, "two", 0)
                                        .row('I', at(10, 3), 3, 30, "three", 0)
                                        .row('I', at(10, 4), 4, 40, "four", 0))));
        target.server().execute("target", "update swap set theirs = 6 where id = 1");
        try (UnitCommitter committer = target.committer(DeleteMode.REMOVE)) {
            // 1 <-> 2 across two writers, 3 is deleted and its value goes to 5, 6 is born with what 4 gives up.
            committer.commit(List.of(
                    unit(
                            200,
                            inline(
                                    t,
                                    rows().row('U', at(110, 1), 1, 20, UNCHANGED, 1)
                                            .row('I', at(110, 5), 5, 30, "five", 1)
                                            .row('I', at(110, 6), 6, 40, "six", 1))),
                    unit(
                            200,
                            inline(
                                    t,
                                    rows().row('U', at(110, 2), 2, 10, UNCHANGED, 1)
                                            .row('D', at(110, 4), 3, null, null, null)),
                            inline(t, rows().row('U', at(120, 1), 4, 50, "four+", 1)))));
            assertThat(target.rows("select id, u, big, double_u, theirs from swap order by id"))
                    .containsExactly(
                            List.of("1", "20", "one", "40", "6"),
                            List.of("2", "10", "two", "20", "5"),
                            List.of("4", "50", "four+", "100", "5"),
                            List.of("5", "30", "five", "60", "5"),
                            List.of("6", "40", "six", "80", "5"));
            committer.commit(List.of(unit(300, inline(t, rows().row('U', at(210, 1), 1, 21, UNCHANGED, 2)))));
        }
        assertThat(target.rows("select id, u, big from swap where id = 1")).containsExactly(List.of("1", "21", "one"));
    }

    @ParameterizedTest
    @EnumSource(DeleteMode.class)
    void deleteModes(DeleteMode mode) throws Exception {
        TableSchema t = target.table("modes", "id int primary key, note text");
        commit(
                mode,
                unit(
                        100,
                        inline(
                                t,
                                rows().row('I', at(10, 1), 1, "a")
                                        .row('I', at(10, 2), 2, "b")
                                        .row('I', at(10, 3), 3, "c")
                                        .row('I', at(10, 4), 4, "d"))));
        commit(
                mode,
                unit(
                        200,
                        inline(
                                t,
                                rows().row('D', at(110, 1), 1, null)
                                        .row('D', at(110, 2), 2, null)
                                        .row('M', at(110, 3), 3, null)
                                        .row('I', at(110, 3), 5, "c"))));
        String deleted = mode.metadataColumns()
                ? ", _sdc_deleted_at = '2000-01-01 00:00:01+00', _sdc_batched_at is not null"
                : ", null, 't'";
        List<List<String>> marked =
                target.rows("select id, note" + deleted + " from modes where id in (1, 2) order by id");
        if (mode == DeleteMode.REMOVE) {
            assertThat(marked).isEmpty();
        } else {
            String mark = mode == DeleteMode.MARK ? "t" : "null";
            assertThat(marked).containsExactly(List.of("1", "a", mark, "t"), List.of("2", "b", mark, "t"));
        }
        // A row that moved to another key is never kept under its old one; a key that comes back is there again.
        commit(mode, unit(300, inline(t, rows().row('I', at(210, 1), 1, "a2").row('U', at(210, 2), 2, "b2"))));
        assertThat(target.rows("select id, note" + (mode.metadataColumns() ? ", _sdc_deleted_at" : ", null")
                        + " from modes order by id"))
                .containsExactly(
                        List.of("1", "a2", "null"),
                        List.of("2", "b2", "null"),
                        List.of("4", "d", "null"),
                        List.of("5", "c", "null"));
    }

    @ParameterizedTest
    @EnumSource(DeleteMode.class)
    void truncateBetweenInserts(DeleteMode mode) throws Exception {
        TableSchema t = target.table("emptied", "id int primary key");
        TableSchema u = target.table("emptied_too", "id int primary key");
        Step cut = new Step.Truncate(List.of(t, u), at(20, 1), true);
        commit(
                mode,
                unit(100, inline(t, rows().row('I', at(10, 1), 1)), cut, inline(t, rows().row('I', at(30, 1), 2))),
                unit(100, inline(u, rows().row('I', at(10, 2), 3)), cut));
        String condition = mode == DeleteMode.MARK ? " where _sdc_deleted_at is null" : "";
        List<List<String>> left =
                target.rows("select id from emptied" + condition + " union all select id from emptied_too" + condition);
        if (mode == DeleteMode.KEEP) {
            assertThat(left).containsExactly(List.of("1"), List.of("2"), List.of("3"));
        } else {
            assertThat(left).containsExactly(List.of("2"));
        }
    }

    @Test
    void truncateOfATableThatOthersReferTo() throws Exception {
        TableSchema t = target.table("referred", "id int primary key");
        target.meet(DeleteMode.REMOVE, t);
        target.server().execute("target", "create table refers(id int references referred)");
        commit(
                DeleteMode.REMOVE,
                unit(100, inline(t, rows().row('I', at(10, 1), 1)), new Step.Truncate(List.of(t), at(20, 1), false)));
        assertThat(target.rows("select * from referred")).isEmpty();
        target.server().execute("target", "drop table refers");
    }

    @Test
    @DisplayName("S16: keys compare as their index does: citext off the search path, numeric of another scale")
    void keysThatDoNotCompareAsBytes() throws Exception {
        for (String database : List.of("source", "target")) {
            target.server().execute(database, "create schema if not exists ext");
            target.server().execute(database, "create extension if not exists citext schema ext");
        }
        TableSchema c = target.table("by_citext", "id ext.citext primary key, n int");
        TableSchema n = target.table("by_numeric", "id numeric primary key, n int");
        assertThat(c.bytewiseKey()).isFalse();
        commit(
                DeleteMode.REMOVE,
                unit(
                        100,
                        inline(c, rows().row('I', at(10, 1), "abc", 1).row('I', at(10, 3), "xyz", 1)),
                        inline(n, ValueFormat.TEXT, rows().row('I', at(10, 2), "1.0", "1"))));
        commit(
                DeleteMode.REMOVE,
                unit(
                        200,
                        inline(
                                c,
                                rows().row('U', at(110, 1), "ABC", 2)
                                        .row('M', at(120, 1), "ABC", null)
                                        .row('I', at(120, 1), "aBc", 3)
                                        .row('D', at(130, 1), "XYZ", null)
                                        .row('I', at(140, 1), "Xyz", 4)
                                        .row('I', at(150, 1), "gone", 5)
                                        .row('D', at(160, 1), "GONE", null)),
                        inline(
                                n,
                                ValueFormat.TEXT,
                                rows().row('D', at(110, 2), "1.00", null).row('I', at(120, 2), "1.000", "2"))));
        assertThat(target.rows("select id, n from by_citext order by id"))
                .containsExactly(List.of("aBc", "3"), List.of("Xyz", "4"));
        assertThat(target.rows("select id, n from by_numeric")).containsExactly(List.of("1.000", "2"));
    }

    @Test
    void textValuesOfManyKindsAndLengthsThatTheTargetEnforces() throws Exception {
        for (String database : List.of("source", "target")) {
            target.server().execute(database, "drop domain if exists word cascade");
            target.server().execute(database, "create domain word as varchar(5) not null");
        }
        TableSchema t = target.table(
                "texts",
                "id int primary key, a numeric(6,2), b bytea, c timestamptz, d int[], e jsonb, f regclass, g word,"
                        + " h char(3), i interval, j boolean");
        StagedRows row = rows().row(
                        'I',
                        at(10, 1),
                        "1",
                        "1.255",
                        "\\x00ff",
                        "2020-01-01 00:00:00+02",
                        "{1,NULL}",
                        "{\"a\": 1}",
                        "pg_class",
                        "fünf",
                        "ab",
                        "1 mon",
                        "t");
        commit(DeleteMode.REMOVE, unit(100, inline(t, ValueFormat.TEXT, row)));
        assertThat(target.rows("select id, a, b, c at time zone 'UTC', d, e, f, g, h, i, j from texts"))
                .containsExactly(List.of(
                        "1",
                        "1.26",
                        "\\x00ff",
                        "2019-12-31 22:00:00",
                        "{1,NULL}",
                        "{\"a\": 1}",
                        "pg_class",
                        "fünf",
                        "ab ",
                        "1 mon",
                        "t"));
        commit(
                DeleteMode.REMOVE,
                unit(
                        200,
                        inline(
                                t,
                                ValueFormat.TEXT,
                                rows().row(
                                                'D',
                                                at(110, 1),
                                                "1",
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                null))));
        assertThat(target.rows("select * from texts")).isEmpty();
        StagedRows tooLong =
                rows().row('I', at(210, 1), "1", null, null, null, null, null, null, "sieben", null, null, null);
        assertThatThrownBy(() -> commit(DeleteMode.REMOVE, unit(300, inline(t, ValueFormat.TEXT, tooLong))))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void rowsThatTheTargetLostAreMadeAgainWhenTheChangeHoldsThem() throws Exception {
        TableSchema t = target.table("lossy", "id int primary key, big text");
        commit(
                DeleteMode.REMOVE,
                unit(100, inline(t, rows().row('I', at(10, 1), 1, "a").row('I', at(10, 2), 2, "b"))));
        target.server().execute("target", "delete from lossy");
        commit(DeleteMode.REMOVE, unit(200, inline(t, rows().row('U', at(110, 1), 1, "a2"))));
        assertThat(target.rows("select id, big from lossy")).containsExactly(List.of("1", "a2"));
        assertThatThrownBy(() ->
                        commit(DeleteMode.REMOVE, unit(300, inline(t, rows().row('U', at(210, 1), 2, UNCHANGED)))))
                .isInstanceOf(MissingRowException.class)
                .hasMessageContaining("id=2");
    }

    @Test
    @DisplayName("F7: a writer stages its second unit while the first one is committed")
    void secondUnitIsStagedDuringTheCommit() throws Exception {
        TableSchema t = target.table("busy", "id int primary key");
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        Step one = target.staged(DeleteMode.REMOVE, first, t, ValueFormat.BINARY, rows().row('I', at(10, 1), 1));
        try (Connection blocker = target.server().connect("target");
                UnitCommitter committer = target.committer(DeleteMode.REMOVE)) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table busy in share mode");
            CompletableFuture<CommitResult> running = committing(committer, unit(first, 100, one));
            awaitWaiting();
            Step two = target.staged(DeleteMode.REMOVE, second, t, ValueFormat.BINARY, rows().row('I', at(110, 1), 2));
            assertThat(running).isNotDone();
            blocker.rollback();
            running.join();
            committer.commit(List.of(unit(second, 200, two)));
        }
        assertThat(target.rows("select id from busy order by id")).containsExactly(List.of("1"), List.of("2"));
        assertThat(target.rows("select count(*) from _sluice.staging where unit is not null"))
                .containsExactly(List.of("0"));
    }

    private static CompletableFuture<CommitResult> committing(UnitCommitter committer, Unit... units) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return committer.commit(List.of(units));
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static void awaitWaiting() {
        Await.until(Duration.ofSeconds(20), "a backend to wait for a lock", () -> !target.rows(
                        "select pid from pg_stat_activity where wait_event_type = 'Lock'")
                .isEmpty());
    }

    @Test
    @DisplayName("F3: two committers with the same units, one of them a zombie: each change is applied once")
    void twoCommitters() throws Exception {
        TableSchema t = target.table("contended", "note text");
        target.meet(DeleteMode.REMOVE, t);
        for (int round = 1; round <= 10; round++) {
            StagedRows rows = rows();
            for (int i = 1; i <= 20; i++) {
                rows.row('I', at(100 * round + i, 1), "r" + round + "-" + i);
            }
            UUID id = UUID.randomUUID();
            Unit unit = unit(id, 100 * round + 50, target.staged(DeleteMode.REMOVE, id, t, ValueFormat.BINARY, rows));
            try (UnitCommitter a = target.committer(DeleteMode.REMOVE);
                    UnitCommitter b = target.committer(DeleteMode.REMOVE)) {
                CompletableFuture<CommitResult> one = committing(a, unit);
                CompletableFuture<CommitResult> two = committing(b, unit);
                assertThat(one.join().alreadyApplied()).isNotEqualTo(two.join().alreadyApplied());
            }
        }
        assertThat(target.rows("select count(*), count(distinct note) from contended"))
                .containsExactly(List.of("200", "200"));
    }

    @Test
    @DisplayName("S4: a commit that waits is cancelled from another thread, leaves nothing, and can be repeated")
    void cancelled() throws Exception {
        TableSchema t = target.table("stuck", "id int primary key");
        target.meet(DeleteMode.REMOVE, t);
        Unit unit = unit(100, inline(t, rows().row('I', at(10, 1), 1)));
        try (Connection blocker = target.server().connect("target");
                UnitCommitter committer = target.committer(DeleteMode.REMOVE)) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table stuck in share mode");
            CompletableFuture<CommitResult> running = committing(committer, unit);
            awaitWaiting();
            committer.cancel();
            assertThatThrownBy(running::join).hasCauseInstanceOf(SQLException.class);
            blocker.rollback();
            assertThat(committer.commit(List.of(unit)).rows()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("S2: what dead writers left is dropped, once the units' own writers are seen alive")
    void leftovers() throws Exception {
        TableSchema t = target.table("remains", "id int primary key");
        UUID pending = UUID.randomUUID();
        target.staged(DeleteMode.REMOVE, pending, t, ValueFormat.BINARY, rows().row('I', at(500, 1), 1));
        String tables = "select count(*) from pg_class where relname like 's\\_%' and relkind = 'r'";
        Unit dead = unit(100, inline(t, rows().row('I', at(10, 1), 1)));
        commit(DeleteMode.REMOVE, dead);
        assertThat(target.rows(tables)).containsExactly(List.of("1"));
        Unit alive = unit(200, inline(t, rows().row('I', at(110, 1), 2)));
        try (Connection writer = target.server().connect("target");
                Statement statement = writer.createStatement()) {
            statement.execute("select pg_advisory_lock("
                    + io.sluice.postgres.apply.ledger.Ledger.aliveLock(alive.incarnation()) + ")");
            commit(DeleteMode.REMOVE, alive);
        }
        assertThat(target.rows(tables)).containsExactly(List.of("0"));
        assertThat(target.rows("select * from _sluice.staging")).isEmpty();
    }

    @Test
    @DisplayName("F3: changes of another server or slot are refused under the same pipeline's name")
    void anotherOrigin() throws Exception {
        TableSchema t = target.table("other", "id int primary key");
        commit(DeleteMode.REMOVE, unit(100, inline(t, rows().row('I', at(10, 1), 1))));
        Origin other = new Origin("8", 1, "slot", "pgoutput");
        Unit unit = new Unit("p", UUID.randomUUID(), UUID.randomUUID(), new Unit.End(other, at(200, 0)), List.of());
        assertThatThrownBy(() -> commit(DeleteMode.REMOVE, unit)).hasMessageContaining("another source ran");
        Origin failedOver = new Origin(Target.ORIGIN.systemId(), 2, "slot", "pgoutput");
        Unit later =
                new Unit("p", UUID.randomUUID(), UUID.randomUUID(), new Unit.End(failedOver, at(200, 0)), List.of());
        assertThat(commit(DeleteMode.REMOVE, later).position()).isEqualTo(at(200, 0));
        assertThat(target.rows("select timeline from _sluice.pipeline")).containsExactly(List.of("2"));
    }
}
