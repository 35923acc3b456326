package io.sluice.postgres.apply.table;

import io.sluice.postgres.change.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table as the target's catalog describes it.
 *
 * @param columns by name, in the table's order
 * @param keys unique indexes that can arbitrate: valid, immediate, whole table, plain columns; the primary key first
 * @param truncatable we may TRUNCATE it and no foreign key of another table refers to it
 */
record ExistingTable(
        TableName name, Map<String, ExistingColumn> columns, List<KeyIndex> keys, boolean truncatable, Traits traits) {
    /**
     * @param kind {@code pg_class.relkind}
     * @param policies row security is on and would hide rows from us (RULES S14)
     * @param referenced a foreign key of another table refers to it
     * @param foreignKeys it has foreign keys itself
     * @param triggers it has triggers that users made
     */
    record Traits(char kind, boolean policies, boolean referenced, boolean foreignKeys, boolean triggers) {}

    /**
     * @param category {@code pg_type.typcategory} of the base type
     * @param required NOT NULL without a default
     * @param generated the target computes it
     */
    record ExistingColumn(TargetColumn column, char category, boolean required, boolean generated) {}

    /** The unique index on exactly these columns, in whatever order. */
    Optional<KeyIndex> keyOn(List<String> wanted) {
        Set<String> set = new TreeSet<>(wanted);
        return keys.stream()
                .filter(key -> set.equals(new TreeSet<>(key.columnNames())))
                .findFirst();
    }
}
