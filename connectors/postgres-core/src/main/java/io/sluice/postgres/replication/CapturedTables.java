package io.sluice.postgres.replication;

import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.pgoutput.Relation;
import io.sluice.postgres.pgoutput.SchemaLookup;
import io.sluice.postgres.wal2json.TableLookup;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The captured tables. pgoutput tells a table's OID on the source, which a rename does not change; another table that
 * has taken the name of a captured one is an error then: under one name the rows of both would mix. wal2json tells the
 * name alone.
 */
final class CapturedTables implements SchemaLookup, TableLookup {
    private static final String GENERATED = """
            SELECT a.attrelid, a.attname
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY (?::pg_catalog.oid[]) AND a.attgenerated <> '' AND NOT a.attisdropped
            """;

    private final Map<Integer, TableSchema> byOid = new HashMap<>();
    private final Map<TableName, TableSchema> byName = new HashMap<>();
    private final Map<Integer, Set<String>> generated;

    /** @param generated names of the columns that the target computes itself, by the table's OID */
    private CapturedTables(List<TableSchema> tables, Map<Integer, Set<String>> generated) {
        for (TableSchema table : tables) {
            byOid.put(table.relationOid(), table);
            byName.put(table.name(), table);
        }
        this.generated = generated;
    }

    /** For pgoutput, which does not send generated columns unless a publication asks for them. */
    static CapturedTables of(List<TableSchema> tables) {
        return new CapturedTables(tables, Map.of());
    }

    /** With what wal2json sends beyond the captured columns; version 12 or newer. */
    static CapturedTables read(Connection connection, List<TableSchema> tables) throws SQLException {
        Map<Integer, Set<String>> generated = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(GENERATED)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            tables.stream()
                                    .map(TableSchema::relationOid)
                                    .map(Integer::toUnsignedString)
                                    .toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    generated
                            .computeIfAbsent((int) row.getLong(1), oid -> new HashSet<>())
                            .add(row.getString(2));
                }
            }
        }
        return new CapturedTables(tables, generated);
    }

    @Override
    public @Nullable TableSchema find(Relation relation) {
        TableSchema table = byOid.get(relation.oid());
        if (table == null && byName.containsKey(relation.name())) {
            throw new SchemaChangedException(relation.name(), "another table has taken its name");
        }
        return table;
    }

    @Override
    public @Nullable TableSchema find(TableName name) {
        return byName.get(name);
    }

    @Override
    public Set<String> ignored(TableSchema table) {
        return generated.getOrDefault(table.relationOid(), Set.of());
    }
}
