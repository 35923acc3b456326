package io.sluice.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyRowCursorTest {
    private static final ColumnType TEXT = new ColumnType(25, -1, "text", 25, new ColumnType.Traits(true, true));
    private static final TableSchema SCHEMA = new TableSchema(
            new TableName("s", "t"), 7, List.of(new Column("a", 1, TEXT, 1, true), new Column("b", 2, TEXT, 0, false)));

    private static CopyRowCursor text(String rows) {
        byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
        return new CopyRowCursor(SCHEMA, new SnapshotBatch.Rows(ValueFormat.TEXT, bytes, bytes.length, 0, 1, false));
    }

    private static List<@Nullable String> fields(CopyRowCursor row) {
        List<@Nullable String> fields = new ArrayList<>();
        Tuple tuple = row.tuple();
        for (int i = 0; i < tuple.width(); i++) {
            fields.add(
                    tuple.length(i) < 0
                            ? null
                            : new String(tuple.bytes(), tuple.offset(i), tuple.length(i), StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Test
    void textIsReadWithoutItsEscapes() {
        CopyRowCursor row = text("\\b\\f\\n\\r\\t\\v\\\\\t\\\\N\n" + "\\N\t\n" + "\\\\\tä\\\\n\n");
        assertThat(row.next()).isTrue();
        assertThat(fields(row)).containsExactly("\b\f\n\r\t\u000b\\", "\\N");
        assertThat(row.next()).isTrue();
        assertThat(fields(row)).containsExactly(null, "");
        assertThat(row.next()).isTrue();
        assertThat(fields(row)).containsExactly("\\", "ä\\n");
        assertThat(row.next()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"one field\n", "a\tb\tc\n", "a\tno end", "\\Nx\tb\n", "\n"})
    void textThatIsNoRowIsNoticed(String rows) {
        assertThatThrownBy(() -> text(rows).next())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("s.t");
    }

    @Test
    void rowsAreSkippedByTheirLengths() {
        byte[] bytes = {0, 2, 0, 0, 0, 1, 'a', -1, -1, -1, -1, 0, 2, -1, -1, -1, -1, 0, 0, 0, 2, 'b', 'c'};
        var rows = new SnapshotBatch.Rows(ValueFormat.BINARY, bytes, bytes.length, 0, 2, false);
        CopyRowCursor row = new CopyRowCursor(SCHEMA, rows);
        assertThat(row.skip()).isTrue();
        assertThat(row.end()).isEqualTo(11);
        assertThat(row.next()).isTrue();
        assertThat(row.start()).isEqualTo(11);
        assertThat(fields(row)).isEqualTo(Arrays.asList(null, "bc"));
        assertThat(row.skip()).isFalse();
        for (int cut = 12; cut < bytes.length; cut++) {
            CopyRowCursor broken =
                    new CopyRowCursor(SCHEMA, new SnapshotBatch.Rows(ValueFormat.BINARY, bytes, cut, 0, 2, false));
            broken.skip();
            assertThatThrownBy(broken::next).isInstanceOf(IllegalStateException.class);
        }
    }
}
