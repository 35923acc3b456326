package io.sluice.postgres.replication;

import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.pgoutput.Relation;
import io.sluice.postgres.pgoutput.SchemaLookup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The captured tables by their OID on the source, which a rename does not change. Another table that has taken the name
 * of a captured one is an error: under one name the rows of both would mix.
 */
final class CapturedTables implements SchemaLookup {
    private final Map<Integer, TableSchema> byOid = new HashMap<>();
    private final Map<TableName, TableSchema> byName = new HashMap<>();

    CapturedTables(List<TableSchema> tables) {
        for (TableSchema table : tables) {
            byOid.put(table.relationOid(), table);
            byName.put(table.name(), table);
        }
    }

    @Override
    public @Nullable TableSchema find(Relation relation) {
        TableSchema table = byOid.get(relation.oid());
        if (table == null && byName.containsKey(relation.name())) {
            throw new SchemaChangedException(relation.name(), "another table has taken its name");
        }
        return table;
    }
}
