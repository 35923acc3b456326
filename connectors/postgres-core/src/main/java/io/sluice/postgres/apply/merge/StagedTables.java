package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The staging tables that units name: who owns them, giving them back, and dropping those of dead writers. */
final class StagedTables {
    private final String schema;
    private final String pipeline;

    StagedTables(String schema, String pipeline) {
        this.schema = schema;
        this.pipeline = pipeline;
    }

    /**
     * The tables that belong to each unit (RULES F7). One that a unit names and that is not among them was consumed, or
     * belongs to another unit by now.
     */
    Map<UUID, Set<String>> of(Connection connection, List<Unit> units) throws SQLException {
        Map<UUID, Set<String>> tables = new HashMap<>();
        units.forEach(unit -> tables.put(unit.id(), new HashSet<>()));
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT unit, name FROM " + registry() + " WHERE pipeline = ? AND unit = ANY(?)")) {
            select.setString(1, pipeline);
            select.setArray(2, ids(connection, units));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tables.computeIfAbsent(row.getObject(1, UUID.class), unit -> new HashSet<>())
                            .add(row.getString(2));
                }
            }
        }
        return tables;
    }

    /** True when the step's rows are where it says. */
    static boolean present(Step.Rows rows, Set<String> owned) {
        return !(rows.staged() instanceof Step.Staged.InTable table) || owned.contains(table.table());
    }

    /** Empties the tables of units that are applied and gives them back to their writers. */
    void free(Connection connection, List<Unit> units, Set<String> owned) throws SQLException {
        if (owned.isEmpty()) {
            return;
        }
        List<String> tables = owned.stream()
                .sorted()
                .map(name -> Names.quote(new TableName(schema, name)))
                .toList();
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE " + String.join(", ", tables));
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + registry() + " SET unit = NULL WHERE pipeline = ? AND unit = ANY(?)")) {
            update.setString(1, pipeline);
            update.setArray(2, ids(connection, units));
            update.executeUpdate();
        }
    }

    /**
     * Drops what writers left that are neither among {@code living} nor alive. Only when all of {@code living} are
     * alive: else units of writers that died may still be on their way (RULES S2).
     *
     * @return number of tables dropped
     */
    int dropLeftovers(Connection connection, Set<UUID> living) throws SQLException {
        Set<Long> held = aliveLocks(connection);
        if (!living.stream().allMatch(incarnation -> held.contains(Ledger.aliveLock(incarnation)))) {
            return 0;
        }
        List<String> left = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT name, incarnation FROM " + registry() + " WHERE pipeline = ?")) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    UUID incarnation = row.getObject(2, UUID.class);
                    if (!living.contains(incarnation) && !held.contains(Ledger.aliveLock(incarnation))) {
                        left.add(row.getString(1));
                    }
                }
            }
        }
        for (String name : left) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS " + Names.quote(new TableName(schema, name)) + "; DELETE FROM "
                        + registry() + " WHERE name = " + Names.literal(name));
            }
        }
        return left.size();
    }

    private static Set<Long> aliveLocks(Connection connection) throws SQLException {
        String sql =
                "SELECT classid::int8 << 32 | objid::int8 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
                        + " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            Set<Long> held = new HashSet<>();
            while (row.next()) {
                held.add(row.getLong(1));
            }
            return held;
        }
    }

    private static Array ids(Connection connection, List<Unit> units) throws SQLException {
        return connection.createArrayOf("uuid", units.stream().map(Unit::id).toArray());
    }

    private String registry() {
        return Names.quote(schema) + ".staging";
    }
}
