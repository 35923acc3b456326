package io.sluice.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBatchTest {
    private static final ColumnType TEXT = new ColumnType(25, -1, "text", 25, new ColumnType.Traits(true, true));
    private static final TableSchema SCHEMA = new TableSchema(
            new TableName("s", "t"),
            7,
            List.of(
                    new Column("a", 1, TEXT, 1, true),
                    new Column("b", 2, TEXT, 0, false),
                    new Column("c", 3, TEXT, 0, false)));

    @Test
    void nullUnchangedAndEmptyStayApart() {
        RowBatchBuilder builder = new RowBatchBuilder(SCHEMA, 3, ValueFormat.TEXT);
        Tuple row = new Tuple();
        byte[] bytes = "key".getBytes(StandardCharsets.UTF_8);
        row.reset(bytes, 3);
        row.value(0, 0, 3);
        row.setUnchanged(1);
        builder.add(new ChangePosition(new Lsn(-5), 9), -1, ChangeKind.UPDATE, row);
        row.reset(bytes, 3);
        row.value(2, 1, 0);
        builder.add(new ChangePosition(new Lsn(-5), 10), 42, ChangeKind.DELETE, row);

        RowCursor cursor = new RowCursor(builder.build());
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(ChangeKind.UPDATE);
        assertThat(cursor.position()).isEqualTo(new ChangePosition(new Lsn(-5), 9));
        assertThat(cursor.commitTime()).isEqualTo(-1);
        assertThat(cursor.tuple().length(0)).isEqualTo(3);
        assertThat(cursor.tuple().isUnchanged(1)).isTrue();
        assertThat(cursor.tuple().length(2)).isEqualTo(RowFormat.NULL);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.kind()).isEqualTo(ChangeKind.DELETE);
        assertThat(cursor.tuple().length(0)).isEqualTo(RowFormat.NULL);
        assertThat(cursor.tuple().length(2)).isZero();
        assertThat(cursor.next()).isFalse();
    }

    @Test
    void refusesARowThatIsNotAsWideAsItsTable() {
        RowBatchBuilder builder = new RowBatchBuilder(SCHEMA, 0, ValueFormat.TEXT);
        Tuple row = new Tuple();
        row.reset(new byte[0], 2);
        assertThatThrownBy(() -> builder.add(ChangePosition.ZERO, 0, ChangeKind.INSERT, row))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 fields")
                .hasMessageContaining("s.t");
    }

    @Test
    void aCutBatchIsNoticed() {
        RowBatchBuilder builder = new RowBatchBuilder(SCHEMA, 0, ValueFormat.TEXT);
        Tuple row = new Tuple();
        row.reset(new byte[] {1, 2, 3, 4}, 3);
        row.value(0, 0, 4);
        builder.add(ChangePosition.ZERO, 0, ChangeKind.INSERT, row);
        RowBatch whole = builder.build();
        RowBatch cut = new RowBatch(SCHEMA, 0, ValueFormat.TEXT, whole.bytes(), whole.length() - 1, whole.rows());
        assertThatThrownBy(() -> new RowCursor(cut).next()).isInstanceOf(IllegalStateException.class);
    }
}
