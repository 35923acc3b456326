package io.sluice.postgres.sql;

import io.sluice.postgres.change.TableName;
import java.util.List;

/** Definitions of target tables. */
public final class TableSql {
    private TableSql() {}

    /** A column's definition. */
    public record ColumnDefinition(String name, String type, boolean notNull) {
        String sql() {
            return Names.quote(name) + " " + type + (notNull ? " NOT NULL" : "");
        }
    }

    /** @param key columns of the primary key; empty for none */
    public static String create(TableName table, List<ColumnDefinition> columns, List<String> key) {
        String list =
                String.join(", ", columns.stream().map(ColumnDefinition::sql).toList());
        String primary = key.isEmpty() ? "" : ", PRIMARY KEY (" + Names.list(key) + ")";
        return "CREATE TABLE " + Names.quote(table) + " (" + list + primary + ")";
    }

    public static String addColumns(TableName table, List<ColumnDefinition> columns) {
        return "ALTER TABLE " + Names.quote(table) + " "
                + String.join(
                        ", ",
                        columns.stream()
                                .map(column -> "ADD COLUMN IF NOT EXISTS " + column.sql())
                                .toList());
    }

    public static String addPrimaryKey(TableName table, List<String> key) {
        return "ALTER TABLE " + Names.quote(table) + " ADD PRIMARY KEY (" + Names.list(key) + ")";
    }
}
