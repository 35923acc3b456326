package io.sluice.postgres.apply.merge;

import static io.sluice.postgres.apply.merge.Target.at;
import static io.sluice.postgres.apply.merge.Target.inline;
import static io.sluice.postgres.apply.merge.Target.unit;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.LoadState;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.sql.MergeShape;
import io.sluice.postgres.sql.MergeSql;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the server runs a merge: by key, whatever it believes of table sizes. */
class MergePlanIT {
    private static final Ledger LEDGER = new Ledger(Target.STAGING, "p");

    private static Target target;

    @BeforeAll
    static void start() throws Exception {
        target = new Target(PostgresServer.quick(14));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"int", "numeric"})
    void everyStatementFindsRowsOfTheTargetByTheirKey(String keyType) throws Exception {
        target.reset();
        TableSchema t = target.table("planned", "id " + keyType + " primary key, note text");
        target.meet(DeleteMode.REMOVE, t);
        // Statistics say that the target is small, and there are none of the many staged rows.
        target.server()
                .execute(
                        "target",
                        "insert into planned select i, 'n' from generate_series(1, 100) i",
                        "analyze planned",
                        "insert into planned select i, 'n' from generate_series(101, 20000) i");
        StagedRows rows = new StagedRows();
        for (int i = 0; i < 5000; i++) {
            rows.row(i % 2 == 0 ? 'U' : 'D', at(10, i + 1), Integer.toString(i), "m");
        }
        UUID id = UUID.randomUUID();
        Step.Rows staged = target.staged(DeleteMode.REMOVE, id, t, ValueFormat.TEXT, rows);
        Selected selected = Selected.after(Batch.of(staged), at(0, 0));
        String table = ((Step.Staged.InTable) staged.staged()).table();
        try (TargetSession session =
                TargetSession.open(target.settings(), "test", Target.options(DeleteMode.REMOVE), LEDGER)) {
            MergeShape shape = session.shape(session.table(t), ValueFormat.TEXT);
            MergeSql sql = new MergeSql(shape, Target.STAGING + "." + table, selected.condition());
            for (String statement : List.of(
                    sql.delete(),
                    sql.mark(),
                    sql.update(true),
                    sql.insertMissing(),
                    sql.missingKeys(5),
                    sql.takeOut("public.planned", List.of("id", "note")))) {
                String plan = String.join("\n", session.texts("EXPLAIN " + statement, selected.parameters()));
                assertThat(plan)
                        .contains("planned_pkey on planned t")
                        .contains("Index Cond: (id = ")
                        .contains("Tid Range Scan on " + table)
                        .doesNotContain("Seq Scan");
            }
        }
    }

    @Test
    @DisplayName("S17: a first copy whose writers died before its key was built gets it before anything is merged")
    void keyIsBuiltBeforeTheMerge() throws Exception {
        TableSchema t = target.table("keyed_late", "id int primary key, note text");
        Snapshot snapshot = new Snapshot("s1", "10:10:", Lsn.parse("0/1"), 1);
        try (Connection connection = target.server().connect("target")) {
            LEDGER.create(connection);
            new TargetTables(LEDGER, Target.options(DeleteMode.REMOVE)).contact(connection, t, snapshot);
            LEDGER.rememberKey(connection, t.name(), List.of("id"));
            LEDGER.moveChunk(connection, new Ledger.ChunkRows(t.name(), "s1", 0, 1, 2, true), 0);
        }
        target.server().execute("target", "insert into keyed_late values (1, 'a'), (2, 'b')");
        try (UnitCommitter committer = target.committer(DeleteMode.REMOVE)) {
            committer.commit(List.of(unit(
                    100, inline(t, new StagedRows().row('U', at(10, 1), 1, "a2").row('D', at(10, 2), 2, null)))));
        }
        assertThat(target.rows("select id, note from keyed_late")).containsExactly(List.of("1", "a2"));
        try (Connection connection = target.server().connect("target")) {
            assertThat(LEDGER.entries(connection).get(t.name()).state()).isEqualTo(LoadState.COMPLETE);
        }
    }
}
