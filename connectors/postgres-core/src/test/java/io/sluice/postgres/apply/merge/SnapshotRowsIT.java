package io.sluice.postgres.apply.merge;

import static io.sluice.postgres.apply.merge.Target.at;
import static io.sluice.postgres.apply.merge.Target.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.LoadState;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableSchema;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotRowsIT {
    private static final Ledger LEDGER = new Ledger(Target.STAGING, "p");
    private static final Snapshot FIRST = new Snapshot("s1", "10:10:", Lsn.parse("0/100"), 1);
    private static final Snapshot SECOND = new Snapshot("s2", "20:20:", Lsn.parse("0/200"), 2);

    private static Target target;

    @BeforeAll
    static void start() throws Exception {
        target = new Target(PostgresServer.quick(16));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @BeforeEach
    void forget() throws Exception {
        target.reset();
    }

    private static TableSchema tableWithRowsOfOthers(String name, String columns, String values) throws Exception {
        TableSchema t = target.table(name, columns);
        target.server().execute("target", "create table " + name + "(" + columns + ")", "insert into " + name + values);
        return t;
    }

    private static void contact(TableSchema t, Snapshot snapshot) throws Exception {
        try (Connection connection = target.server().connect("target")) {
            LEDGER.create(connection);
            new TargetTables(LEDGER, Target.options(DeleteMode.KEEP)).contact(connection, t, snapshot);
        }
    }

    /** Rows {@code first} to {@code end} of chunk {@code index} of two; row n has key and value 10 * index + n. */
    private static Step chunk(TableSchema t, Snapshot snapshot, int index, int first, int end, boolean last) {
        StagedRows rows = new StagedRows();
        for (int n = first; n < end; n++) {
            rows.row('I', at(0, n), 10 * index + n, snapshot.id());
        }
        return new Step.SnapshotRows(inline(t, rows), new SnapshotChunk(snapshot, index, 2), first, end, last);
    }

    private static CommitResult commit(Step... steps) throws Exception {
        try (UnitCommitter committer = target.committer(DeleteMode.KEEP)) {
            return committer.commit(List.of(new Unit("p", UUID.randomUUID(), UUID.randomUUID(), null, List.of(steps))));
        }
    }

    private static LoadState state(TableSchema t) throws Exception {
        try (Connection connection = target.server().connect("target")) {
            return LEDGER.entries(connection).get(t.name()).state();
        }
    }

    @Test
    @DisplayName("S6: rows of a chunk that come again are left out by their number, also without a key")
    void rowsOfAChunkAreAppendedOnce() throws Exception {
        TableSchema t = tableWithRowsOfOthers("keyless", "id int, v text", " values (99, 'theirs')");
        contact(t, FIRST);
        assertThat(commit(chunk(t, FIRST, 0, 0, 3, false)).rows()).isEqualTo(3);
        assertThat(commit(chunk(t, FIRST, 0, 0, 3, false)).alreadyApplied()).isTrue();
        assertThat(commit(chunk(t, FIRST, 0, 1, 5, true), chunk(t, FIRST, 1, 0, 1, false))
                        .rows())
                .isEqualTo(3);
        assertThat(state(t)).isEqualTo(LoadState.LOADING);
        assertThatThrownBy(() -> commit(chunk(t, FIRST, 1, 3, 4, false)))
                .isInstanceOf(LostUnitException.class)
                .hasMessageContaining("rows 1 to 3 of chunk 1");
        commit(chunk(t, FIRST, 1, 1, 1, true));
        assertThat(state(t)).isEqualTo(LoadState.COMPLETE);
        assertThat(target.rows("select id from keyless where v = 's1' order by id"))
                .containsExactly(List.of("0"), List.of("1"), List.of("2"), List.of("3"), List.of("4"), List.of("10"));
    }

    @Test
    @DisplayName("F4: rows of an earlier snapshot that come late are left to the later one")
    void rowsOfAnEarlierSnapshotAreLeftOut() throws Exception {
        TableSchema t =
                tableWithRowsOfOthers("keyed", "id int primary key, v text", " values (1, 'theirs'), (5, 'theirs')");
        contact(t, FIRST);
        commit(chunk(t, FIRST, 0, 0, 2, false));
        contact(t, SECOND);
        assertThat(commit(chunk(t, FIRST, 0, 2, 3, true)).alreadyApplied()).isTrue();
        commit(chunk(t, SECOND, 0, 0, 2, true), chunk(t, SECOND, 1, 0, 1, true));
        assertThat(target.rows("select id, v from keyed order by id"))
                .containsExactly(List.of("0", "s2"), List.of("1", "s2"), List.of("5", "theirs"), List.of("10", "s2"));
        assertThat(state(t)).isEqualTo(LoadState.COMPLETE);
        Snapshot unknown = new Snapshot("s3", "30:30:", Lsn.parse("0/300"), 3);
        assertThatThrownBy(() -> commit(chunk(t, unknown, 0, 0, 1, false))).hasMessageContaining("knows nothing");
    }
}
