package io.sluice.postgres.apply.table;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.util.List;
import java.util.Objects;

/**
 * Where a source table's rows go.
 *
 * @param columns of the target, in the order and number of {@code source.columns()}
 * @param load how its snapshot comes in
 * @param metadataColumns true when the target has {@link MetadataColumns}
 * @param keyColumns names of the target's key columns in key order; empty for a keyless table
 */
public record TargetTable(
        TableSchema source,
        TableName name,
        List<TargetColumn> columns,
        Ledger.Load load,
        boolean metadataColumns,
        List<String> keyColumns) {
    public TargetTable {
        Objects.requireNonNull(source, "source is null");
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(load, "load is null");
        columns = List.copyOf(columns);
        keyColumns = List.copyOf(keyColumns);
        if (columns.size() != source.width()) {
            throw new IllegalArgumentException(name + " has " + columns.size() + " columns for " + source);
        }
    }

    /** Types of the columns {@code c0}, {@code c1}, ... of a staging table for these rows. */
    public List<String> stagedTypes(ValueFormat format) {
        return columns.stream()
                .map(column -> format == ValueFormat.TEXT ? "pg_catalog.text" : column.stagedType())
                .toList();
    }
}
