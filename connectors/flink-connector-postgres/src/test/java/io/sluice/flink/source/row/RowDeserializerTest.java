package io.sluice.flink.source.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.Test;

class RowDeserializerTest {
    private static final ColumnType INT = new ColumnType(23, -1, "integer", 23, new ColumnType.Traits(true, true));
    private static final ColumnType TEXT = new ColumnType(25, -1, "text", 25, new ColumnType.Traits(true, true));
    private static final TableSchema SCHEMA = new TableSchema(
            new TableName("public", "t"),
            1,
            List.of(new Column("id", 1, INT, 1, true), new Column("note", 2, TEXT, 0, false)));
    private static final ChangePosition POSITION = new ChangePosition(new Lsn(5), 1);

    private static List<String> read(ChangeBatch batch) {
        List<String> lines = new ArrayList<>();
        new Lines().deserialize(batch, new ListCollector<>(lines));
        return lines;
    }

    private static SnapshotBatch copied(ValueFormat format, byte[] bytes, int rows) {
        SnapshotChunk chunk = new SnapshotChunk(new Snapshot("s", "1:1:", new Lsn(1), 1_000_000), 0, 1);
        return new SnapshotBatch(SCHEMA, 0, chunk, new SnapshotBatch.Rows(format, bytes, bytes.length, 0, rows, true));
    }

    private static RowBatch rows(ChangeKind... kinds) {
        RowBatchBuilder builder = new RowBatchBuilder(SCHEMA, 3, ValueFormat.TEXT);
        Tuple tuple = new Tuple();
        tuple.reset("42".getBytes(StandardCharsets.UTF_8), 2);
        tuple.value(0, 0, 2);
        tuple.setUnchanged(1);
        for (ChangeKind kind : kinds) {
            builder.add(POSITION, 2_000_000, kind, tuple);
        }
        return builder.build();
    }

    @Test
    void copiedTextIsUnescaped() {
        byte[] bytes = "1\ta\\tb\\nc\\\\d\\b\\f\\r\\v\n2\t\\N\n3\t\n4\t\\\\N\n".getBytes(StandardCharsets.UTF_8);
        assertThat(read(copied(ValueFormat.TEXT, bytes, 4)))
                .containsExactly(
                        "INSERT 1=a\tb\nc\\d\b\f\r\u000b 2000-01-01T00:00:01Z",
                        "INSERT 2=null 2000-01-01T00:00:01Z",
                        "INSERT 3= 2000-01-01T00:00:01Z",
                        "INSERT 4=\\N 2000-01-01T00:00:01Z");
    }

    @Test
    void copiedBinaryGivesTheTextOfTextsAndTheBytesOfTheRest() {
        byte[] bytes = HexFormat.of().parseHex("0002" + "00000004" + "0000002a" + "00000002" + "6f6b");
        List<String> lines = new ArrayList<>();
        new Lines() {
            private static final long serialVersionUID = 1;

            @Override
            protected String row(TableSchema schema, ChangeKind kind, RowView row) {
                assertThatThrownBy(() -> row.text("id"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("values(ValueFormat.TEXT)");
                return HexFormat.of().formatHex(row.bytes(0)) + " " + row.text("note");
            }
        }.deserialize(copied(ValueFormat.BINARY, bytes, 1), new ListCollector<>(lines));
        assertThat(lines).containsExactly("0000002a ok");
    }

    @Test
    void copiedRowsThatAreNoneAreRefused() {
        for (String bad : List.of("1\ta", "1\n", "1\ta\tb\n", "1\ta\n2\tb\n")) {
            byte[] bytes = bad.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> read(copied(ValueFormat.TEXT, bytes, 1)))
                    .as(bad)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("malformed");
        }
        byte[] short1 = HexFormat.of().parseHex("00020000000400000000000000ff");
        assertThatThrownBy(() -> read(copied(ValueFormat.BINARY, short1, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("malformed");
    }

    @Test
    void changesTellWhatDidNotChange() {
        assertThat(read(rows(ChangeKind.UPDATE, ChangeKind.DELETE)))
                .containsExactly(
                        "UPDATE 42=(unchanged) 2000-01-01T00:00:02Z", "DELETE 42=(unchanged) 2000-01-01T00:00:02Z");
    }

    @Test
    void cutsThatComeForEachBucketCountOnce() {
        RowBatch both = rows(ChangeKind.MOVED, ChangeKind.UPDATE);
        assertThat(read(new KeyChange(both, 0, POSITION))).hasSize(2);
        assertThat(read(new KeyChange(both, 1, POSITION))).isEmpty();
        assertThat(read(new Truncation(List.of(SCHEMA), 0, POSITION, false))).containsExactly("truncated public.t");
        assertThat(read(new Truncation(List.of(SCHEMA), 1, POSITION, false))).isEmpty();
        assertThat(read(new Progress(0, new Origin("1", 1, "s", "pgoutput"), POSITION)))
                .isEmpty();
    }

    private static class Lines extends RowDeserializer<String> {
        private static final long serialVersionUID = 1;

        @Override
        protected String row(TableSchema schema, ChangeKind kind, RowView row) {
            return kind + " " + row.text("id") + "=" + (row.isUnchanged(1) ? "(unchanged)" : row.text(1)) + " "
                    + row.time();
        }

        @Override
        protected String truncated(TableSchema schema) {
            return "truncated " + schema.name();
        }

        @Override
        public TypeInformation<String> producedType() {
            return Types.STRING;
        }
    }
}
