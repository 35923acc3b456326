package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/** A table's schema and name as the catalog stores them: unquoted, case kept. */
public record TableName(String schema, String table) implements Comparable<TableName>, Serializable {
    private static final Comparator<TableName> ORDER =
            Comparator.comparing(TableName::schema).thenComparing(TableName::table);

    public TableName {
        Objects.requireNonNull(schema, "schema is null");
        Objects.requireNonNull(table, "table is null");
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    /** For messages only; SQL takes its quoted form from the {@code sql} package. */
    @Override
    public String toString() {
        return schema + "." + table;
    }
}
