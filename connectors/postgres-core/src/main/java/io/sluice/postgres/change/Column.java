package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * A captured column; stored generated columns are not captured, the target computes them.
 *
 * @param attnum {@code pg_attribute.attnum}: identifies the column through renames
 * @param keyOrdinal place in the table's key, counted from 1; 0 for a column outside the key
 */
public record Column(String name, int attnum, ColumnType type, int keyOrdinal, boolean notNull)
        implements Serializable {
    public Column {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(type, "type is null");
    }

    public boolean inKey() {
        return keyOrdinal > 0;
    }
}
