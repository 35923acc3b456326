package io.sluice.job.verify;

import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The source's columns, and which of them are its key; the same names are asked of the target. */
record ComparedColumns(List<String> columns, List<String> key) {
    private static final String SELECT = """
            SELECT a.attname, coalesce(i.indisprimary, false)
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_index i
                ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey::pg_catalog.int2[])
            WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
                AND pg_catalog.to_jsonb(a) ->> 'attgenerated' IS DISTINCT FROM 's'
            ORDER BY a.attnum""";

    static ComparedColumns of(Connection source, TableName table) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(SELECT)) {
            select.setString(1, table.schema());
            select.setString(2, table.table());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.add(row.getString(1));
                    if (row.getBoolean(2)) {
                        key.add(row.getString(1));
                    }
                }
            }
        }
        if (columns.isEmpty()) {
            throw new SQLException("there is no table " + table + " to compare, or it has no columns");
        }
        return new ComparedColumns(List.copyOf(columns), List.copyOf(key));
    }

    /** All of a row's values as one number. */
    String hash() {
        return "pg_catalog.hashtextextended(" + row(columns) + ", 0)";
    }

    /** What names a row: its key as text, or its hash where there is no key. */
    String identity() {
        return key.isEmpty() ? "(" + hash() + ")::pg_catalog.text" : row(key);
    }

    /** A composite's text quotes and escapes, so that two rows have one text only if all their values have. */
    private static String row(List<String> names) {
        return names.stream()
                .map(name -> Names.quote(name) + "::pg_catalog.text")
                .collect(Collectors.joining(", ", "ROW(", ")::pg_catalog.text"));
    }
}
