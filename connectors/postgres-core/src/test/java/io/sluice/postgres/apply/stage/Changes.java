package io.sluice.postgres.apply.stage;

import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes batches of text values, at positions that count up. */
final class Changes {
    private final TableSchema schema;
    private final RowBatchBuilder builder;
    private long ordinal;

    Changes(TableSchema schema) {
        this.schema = schema;
        this.builder = new RowBatchBuilder(schema, 0, ValueFormat.TEXT);
    }

    /** A table of text columns; the first {@code keys} of them are its key. */
    static TableSchema table(int width, int keys, boolean bytewise) {
        ColumnType text = new ColumnType(25, -1, "text", 25, new ColumnType.Traits(true, bytewise));
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(new Column("c" + i, i + 1, text, i < keys ? i + 1 : 0, false));
        }
        return new TableSchema(new TableName("s", "t"), 1, columns);
    }

    Changes add(ChangeKind kind, @Nullable String... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String value : values) {
            if (value != null && !value.equals(StagedRows.UNCHANGED)) {
                bytes.writeBytes(value.getBytes(StandardCharsets.UTF_8));
            }
        }
        Tuple row = new Tuple();
        row.reset(bytes.toByteArray(), values.length);
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            if (StagedRows.UNCHANGED.equals(values[i])) {
                row.setUnchanged(i);
            } else if (values[i] != null) {
                int length = values[i].getBytes(StandardCharsets.UTF_8).length;
                row.value(i, at, length);
                at += length;
            }
        }
        ordinal++;
        builder.add(new ChangePosition(new Lsn(7), ordinal), 1000 + ordinal, kind, row);
        return this;
    }

    /** Hands the changes so far to the segment. */
    void into(Segment segment) {
        if (builder.isEmpty()) {
            return;
        }
        RowCursor cursor = new RowCursor(builder.build());
        while (cursor.next()) {
            segment.add(cursor);
        }
    }
}
