package io.sluice.postgres.wal2json;

import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the schema under which a table's rows are captured. Asked for every row, so it must be quick. */
@FunctionalInterface
public interface TableLookup {
    /** The schema, or null when the table is not captured; a partition may give that of its root. */
    @Nullable
    TableSchema find(TableName table);

    /**
     * Names of the columns that wal2json sends and nobody captures: stored generated ones. Any other column that the
     * schema does not have is a change of schema.
     */
    default Set<String> ignored(TableSchema table) {
        return Set.of();
    }
}
