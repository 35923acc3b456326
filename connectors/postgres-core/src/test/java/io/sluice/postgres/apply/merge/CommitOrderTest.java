package io.sluice.postgres.apply.merge;

import static io.sluice.postgres.apply.merge.Target.at;
import static io.sluice.postgres.apply.merge.Target.inline;
import static io.sluice.postgres.apply.merge.Target.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommitOrderTest {
    private static final TableSchema A = table("a");
    private static final TableSchema B = table("b");

    private static TableSchema table(String name) {
        ColumnType type = new ColumnType(23, -1, "integer", 23, new ColumnType.Traits(true, true));
        return new TableSchema(new TableName("s", name), 1, List.of(new Column("id", 1, type, 1, true)));
    }

    private static Step rows(TableSchema table, int count) {
        StagedRows rows = new StagedRows();
        for (int i = 0; i < count; i++) {
            rows.row('I', at(1, i + 1), i);
        }
        return inline(table, rows);
    }

    private static Step inTable(TableSchema table, String name) {
        return new Step.Rows(
                table, ValueFormat.BINARY, new Step.Counts(1, 0, 0, 0), new Step.Staged.InTable(name, 0, 0, 1));
    }

    private static Step cut(long lsn) {
        return new Step.Truncate(List.of(A), at(lsn, 1), false);
    }

    @Test
    @DisplayName("F6: a cut that came to every writer is applied once, after what came before it at all of them")
    void cutsDivideTheRowsOfAllWriters() {
        List<CommitOrder.Stage> stages = CommitOrder.of(
                List.of(unit(9, rows(A, 1), cut(5), rows(B, 2), cut(7)), unit(9, cut(5), cut(7), rows(A, 3)), unit(9)));
        assertThat(stages).hasSize(3);
        assertThat(stages.get(0).tables()).containsOnlyKeys(A.name());
        assertThat(stages.get(0).cut()).isEqualTo(cut(5));
        assertThat(stages.get(1).tables()).containsOnlyKeys(B.name());
        assertThat(stages.get(1).cut()).isEqualTo(cut(7));
        assertThat(stages.get(2).tables()).containsOnlyKeys(A.name());
        assertThat(stages.get(2).cut()).isNull();
    }

    @Test
    void carriedRowsOfAllWritersAreMergedTogetherButNotTwoFlushesOfOne() {
        List<CommitOrder.Stage> stages = CommitOrder.of(
                List.of(unit(9, rows(A, 1), rows(A, 2)), unit(9, rows(A, 3)), unit(9, inTable(A, "s_1"), rows(A, 4))));
        assertThat(stages.get(0).tables().get(A.name()))
                .extracting(batch -> batch.counts().inserts())
                .containsExactly(1 + 3, 1, 2 + 4);
    }

    @Test
    void writersMustHaveTheSameCuts() {
        assertThatThrownBy(() -> CommitOrder.of(List.of(unit(9, cut(7), rows(A, 1)), unit(9, cut(5)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a cut at 0/7+1 where the others have one at 0/5+1");
        assertThatThrownBy(() -> CommitOrder.of(List.of(unit(9, cut(5)), unit(9, rows(A, 1)))))
                .hasMessageContaining("lacks the cut at 0/5+1");
    }
}
