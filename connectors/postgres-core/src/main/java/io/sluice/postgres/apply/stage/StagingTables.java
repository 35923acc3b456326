package io.sluice.postgres.apply.stage;

import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.sql.Names;
import io.sluice.postgres.sql.StagingSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The staging tables of one writer. Each belongs to one unit at a time (RULES F7): the ledger names it, and only the
 * commit that consumed and truncated the table strikes the name out, in the same transaction; then it may be taken
 * again.
 *
 * <p>Not thread-safe.
 */
final class StagingTables {
    private final String schema;
    private final String pipeline;
    private final UUID incarnation;
    private final Map<Shape, List<String>> made = new HashMap<>();

    /** Tables of one shape take the same COPY. */
    private record Shape(TableName target, List<String> types, ValueFormat format) {}

    StagingTables(String schema, String pipeline, UUID incarnation) {
        this.schema = schema;
        this.pipeline = pipeline;
        this.incarnation = incarnation;
    }

    /** Name of an empty table that is the unit's from now on. */
    String take(Connection connection, TargetTable target, ValueFormat format, UUID unit) throws SQLException {
        List<String> types = target.stagedTypes(format);
        List<String> names = made.computeIfAbsent(new Shape(target.name(), types, format), shape -> new ArrayList<>());
        if (!names.isEmpty()) {
            String sql = "UPDATE " + Names.quote(schema) + ".staging SET unit = ? WHERE name = (SELECT name FROM "
                    + Names.quote(schema) + ".staging WHERE name = ANY(?) AND unit IS NULL LIMIT 1) RETURNING name";
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                Array array = connection.createArrayOf("text", names.toArray());
                update.setObject(1, unit);
                update.setArray(2, array);
                try (ResultSet row = update.executeQuery()) {
                    if (row.next()) {
                        return row.getString(1);
                    }
                }
            }
        }
        String name = make(connection, types, unit);
        names.add(name);
        return name;
    }

    /** Bytes of the table's main fork in blocks. */
    long blocks(Connection connection, String name) throws SQLException {
        String sql = "SELECT pg_catalog.pg_relation_size("
                + Names.literal(Names.quote(new TableName(schema, name)))
                + "::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::pg_catalog.int8";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    String copyInto(String name) {
        return "COPY " + Names.quote(new TableName(schema, name)) + " FROM STDIN (FORMAT binary)";
    }

    /** One statement list is one transaction: there is never a table that the ledger does not know. */
    private String make(Connection connection, List<String> types, UUID unit) throws SQLException {
        String name = "s_" + UUID.randomUUID().toString().replace("-", "");
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + Names.quote(schema) + ".staging (name, pipeline, incarnation, unit)"
                    + " VALUES (" + Names.literal(name) + ", " + Names.literal(pipeline) + ", '" + incarnation + "', '"
                    + unit + "'); " + StagingSql.createTable(schema, name, types));
        }
        return name;
    }
}
