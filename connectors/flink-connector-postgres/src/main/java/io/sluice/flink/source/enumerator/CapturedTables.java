package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.option.TableSelection;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.util.FlinkRuntimeException;

/** Finds the tables that the user selects, and checks what they must have. */
final class CapturedTables {
    /** A row lives in a partition, so it is the partitions that are captured; names that begin with pg_ are the server's. */
    private static final String TABLES = """
            select n.nspname, c.relname
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname <> 'information_schema'
                and not pg_catalog.starts_with(n.nspname, 'pg_')
            """;

    private final SourceSettings settings;

    CapturedTables(SourceSettings settings) {
        this.settings = settings;
    }

    /**
     * All selected tables.
     *
     * @throws FlinkRuntimeException when there is none, a named one is missing or is partitioned, or keys are required
     *     and missing
     */
    List<TableSchema> find(Connection connection) throws SQLException {
        TableSelection selection = settings.tables().selection();
        Set<TableName> existing = list(connection);
        Set<TableName> other = new TreeSet<>(selection.named());
        other.removeAll(existing);
        if (!other.isEmpty()) {
            Catalog.tables(connection, other);
            throw new FlinkRuntimeException(
                    "partitioned: " + names(other) + "; their rows are in their partitions: select these instead");
        }
        List<TableName> selected = existing.stream().filter(selection::selects).toList();
        if (selected.isEmpty()) {
            throw new FlinkRuntimeException(
                    "no table of database " + settings.connection().name() + " matches "
                            + selection.description() + "; it has " + existing.size() + " tables"
                            + (existing.isEmpty()
                                    ? ""
                                    : ", the first is " + existing.iterator().next())
                            + ". Names are case-sensitive and need no quotes");
        }
        return read(connection, selected);
    }

    /** The tables as they are now. */
    List<TableSchema> read(Connection connection, Collection<TableName> names) throws SQLException {
        List<TableSchema> schemas = Catalog.tables(connection, names);
        List<TableName> keyless = schemas.stream()
                .filter(schema -> !schema.keyed())
                .map(TableSchema::name)
                .toList();
        if (settings.tables().keysRequired() && !keyless.isEmpty()) {
            throw new FlinkRuntimeException("without a key: " + names(keyless)
                    + "; add a primary key, or name a unique index by ALTER TABLE .. REPLICA IDENTITY USING INDEX,"
                    + " or set primary-key-required: false (rows are then appended)");
        }
        return settings.reading().asText()
                ? schemas.stream().map(CapturedTables::asText).toList()
                : schemas;
    }

    /** The same table, none of whose values may travel in binary. */
    private static TableSchema asText(TableSchema schema) {
        return new TableSchema(
                schema.name(),
                schema.relationOid(),
                schema.columns().stream().map(CapturedTables::asText).toList());
    }

    private static Column asText(Column column) {
        ColumnType type = column.type();
        ColumnType.Traits traits = new ColumnType.Traits(false, type.traits().bytewiseEqual());
        return new Column(
                column.name(),
                column.attnum(),
                new ColumnType(type.oid(), type.typmod(), type.sql(), type.baseOid(), traits),
                column.keyOrdinal(),
                column.notNull());
    }

    private static Set<TableName> list(Connection connection) throws SQLException {
        Set<TableName> tables = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                tables.add(new TableName(row.getString(1), row.getString(2)));
            }
        }
        return tables;
    }

    private static String names(Collection<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }
}
