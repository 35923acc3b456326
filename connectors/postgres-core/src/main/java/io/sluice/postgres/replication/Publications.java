package io.sluice.postgres.replication;

import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.sql.Names;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What pgoutput sends. Two publications, because one would break the application: a table whose rows have no identity
 * must not be in a publication of updates, or its own UPDATE fails (RULES S8).
 *
 * <p>Call order on a fresh start: publications, then the slot; a slot that is older than a publication cannot be
 * decoded with it.
 */
public final class Publications {
    private static final String INSERT_SUFFIX = "_insert";
    private static final int LONGEST_NAME = 63;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final List<String> ALL = List.of("insert", "update", "delete", "truncate");
    private static final List<String> INSERT_ONLY = List.of("insert", "truncate");

    private Publications() {}

    /**
     * Creates the publications that are missing, adds the tables that are missing, and checks the rest. When there is
     * neither of the two it creates both, though one be empty: made later it could not be used with the slot.
     *
     * @param name of the publication of the tables whose rows have an identity; {@code name_insert} has the others
     * @return the publications to read
     * @throws UnreadableSourceException when one that exists publishes less than all changes, or may not be changed
     */
    public static List<String> ensure(Connection connection, String name, List<TableSchema> tables)
            throws SQLException {
        Plan plan = Plan.of(connection, name, tables);
        if (!plan.problems.isEmpty()) {
            throw new UnreadableSourceException(plan.problems);
        }
        for (String sql : plan.commands) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                    throw new UnreadableSourceException(List.of(notAllowed(sql) + " (" + e.getMessage() + ")"));
                }
                throw e;
            }
        }
        return plan.names;
    }

    /** Why {@link #ensure} would fail, each with its remedy; changes nothing. */
    public static List<String> problems(Connection connection, String name, List<TableSchema> tables)
            throws SQLException {
        return Plan.of(connection, name, tables).problems;
    }

    /** The tables whose updates and deletes cannot be captured, for want of a primary key or replica identity. */
    public static List<TableName> insertOnly(Connection connection, List<TableSchema> tables) throws SQLException {
        return read(connection, tables).stream()
                .filter(table -> !table.identified())
                .map(PublishedTable::name)
                .toList();
    }

    private static List<PublishedTable> read(Connection connection, List<TableSchema> tables) throws SQLException {
        return PublishedTable.read(
                connection, tables.stream().map(TableSchema::name).toList());
    }

    private static String notAllowed(String sql) {
        return "the role may not change publications: as owner of the tables, run " + sql;
    }

    /** What has to be done, and why it cannot be. */
    private static final class Plan {
        private final List<String> commands = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final List<String> names = new ArrayList<>();

        static Plan of(Connection connection, String name, List<TableSchema> tables) throws SQLException {
            Plan plan = new Plan();
            if (name.getBytes(StandardCharsets.UTF_8).length + INSERT_SUFFIX.length() > LONGEST_NAME) {
                plan.problems.add("publication name " + name + " is too long: with " + INSERT_SUFFIX
                        + " added it has to be at most " + LONGEST_NAME + " bytes");
                return plan;
            }
            boolean mayCreate = mayCreate(connection);
            Optional<Publication> full = Publication.find(connection, name);
            List<PublishedTable> identified = new ArrayList<>();
            List<PublishedTable> others = new ArrayList<>();
            for (PublishedTable table : read(connection, tables)) {
                plan.check(table);
                // Who has put a table without identity into a full publication has decided so.
                boolean already = full.isPresent() && full.get().tables().contains(table.name());
                (table.identified() || already ? identified : others).add(table);
            }
            Optional<Publication> inserts = Publication.find(connection, name + INSERT_SUFFIX);
            boolean fresh = full.isEmpty() && inserts.isEmpty();
            if (fresh || full.isPresent() || !identified.isEmpty()) {
                plan.add(full, name, ALL, identified, mayCreate);
            }
            if (fresh || inserts.isPresent() || !others.isEmpty()) {
                plan.add(inserts, name + INSERT_SUFFIX, INSERT_ONLY, others, mayCreate);
            }
            return plan;
        }

        private void check(PublishedTable table) {
            if (table.kind() == PublishedTable.Kind.PARTITIONED) {
                problems.add("table " + table.name() + " is partitioned, and changes come under the names of its"
                        + " partitions: capture the partitions in its place");
            } else if (table.kind() == PublishedTable.Kind.UNLOGGED) {
                problems.add("table " + table.name() + " is unlogged, its changes are not in the WAL: run ALTER TABLE "
                        + Names.quote(table.name()) + " SET LOGGED, or do not capture it");
            }
        }

        private void add(
                Optional<Publication> existing,
                String name,
                List<String> operations,
                List<PublishedTable> wanted,
                boolean mayCreate) {
            names.add(name);
            List<PublishedTable> missing = wanted.stream()
                    .filter(table ->
                            existing.isEmpty() || !existing.get().tables().contains(table.name()))
                    .toList();
            String sql;
            boolean allowed = missing.stream().allMatch(PublishedTable::ours);
            if (existing.isEmpty()) {
                sql = "CREATE PUBLICATION " + Names.quote(name)
                        + (wanted.isEmpty() ? "" : " FOR TABLE " + only(wanted))
                        + " WITH (publish = " + Names.literal(String.join(", ", operations)) + ")";
                allowed &= mayCreate;
            } else if (wanted.isEmpty()) {
                return;
            } else {
                check(existing.get(), operations, wanted);
                if (missing.isEmpty()) {
                    return;
                }
                sql = "ALTER PUBLICATION " + Names.quote(name) + " ADD TABLE " + only(missing);
                allowed &= existing.get().traits().ours();
            }
            if (allowed) {
                commands.add(sql);
            } else {
                problems.add(notAllowed(sql));
            }
        }

        private void check(Publication publication, List<String> operations, List<PublishedTable> wanted) {
            String alter = ": run ALTER PUBLICATION " + Names.quote(publication.name()) + " ";
            List<String> lacking = operations.stream()
                    .filter(operation -> !publication.operations().contains(operation))
                    .toList();
            if (!lacking.isEmpty()) {
                problems.add("publication " + publication.name() + " does not publish " + String.join(", ", lacking)
                        + alter + "SET (publish = " + Names.literal(String.join(", ", operations)) + ")");
            }
            if (publication.traits().viaRoot()) {
                problems.add("publication " + publication.name() + " publishes partitions under the name of their"
                        + " root" + alter + "SET (publish_via_partition_root = false)");
            }
            for (PublishedTable table : wanted) {
                if (publication.narrowed().contains(table.name())) {
                    problems.add("publication " + publication.name() + " has a row filter or column list for table "
                            + table.name() + alter + "DROP TABLE " + Names.quote(table.name()) + ", then ADD TABLE "
                            + Names.quote(table.name()));
                }
                if (publication.traits().generated() && table.generated()) {
                    problems.add("publication " + publication.name() + " publishes the generated columns of table "
                            + table.name() + ", which the target computes itself" + alter
                            + "SET (publish_generated_columns = none)");
                }
            }
        }

        private static String only(List<PublishedTable> tables) {
            return tables.stream()
                    .map(table -> "ONLY " + Names.quote(table.name()))
                    .collect(Collectors.joining(", "));
        }

        private static boolean mayCreate(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "SELECT pg_catalog.has_database_privilege(" + "pg_catalog.current_database(), 'CREATE')")) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
