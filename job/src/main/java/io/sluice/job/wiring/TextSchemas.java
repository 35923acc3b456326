package io.sluice.job.wiring;

import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.TableSchema;
import java.util.List;

/** Tables whose values travel as text whatever their types are. */
public final class TextSchemas {
    private TextSchemas() {}

    public static List<TableSchema> of(List<TableSchema> tables) {
        return tables.stream().map(TextSchemas::of).toList();
    }

    private static TableSchema of(TableSchema table) {
        return new TableSchema(
                table.name(),
                table.relationOid(),
                table.columns().stream().map(TextSchemas::of).toList());
    }

    private static Column of(Column column) {
        ColumnType type = column.type();
        ColumnType.Traits text = new ColumnType.Traits(false, type.traits().bytewiseEqual());
        return new Column(
                column.name(),
                column.attnum(),
                new ColumnType(type.oid(), type.typmod(), type.sql(), type.baseOid(), text),
                column.keyOrdinal(),
                column.notNull());
    }
}
