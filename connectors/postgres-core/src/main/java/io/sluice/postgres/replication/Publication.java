package io.sluice.postgres.replication;

import io.sluice.postgres.change.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A publication as it is on the server.
 *
 * @param operations of insert, update, delete, truncate those that it publishes
 * @param tables all that it publishes, however they came into it
 * @param narrowed those of them of which it publishes some rows or some columns only
 */
record Publication(String name, Set<String> operations, Set<TableName> tables, Set<TableName> narrowed, Traits traits) {

    /**
     * @param ours the role may change it
     * @param viaRoot changes of partitions appear under the name of the partitioned table
     * @param generated stored generated columns are published
     */
    record Traits(boolean ours, boolean viaRoot, boolean generated) {}

    private static final int TRUNCATE_SINCE = 110000;
    private static final int VIA_ROOT_SINCE = 130000;
    private static final int NARROWED_SINCE = 150000;
    private static final int GENERATED_SINCE = 180000;

    static Optional<Publication> find(Connection connection, String name) throws SQLException {
        int version = SourceServer.version(connection);
        String sql = "SELECT p.pubinsert, p.pubupdate, p.pubdelete, "
                + (version >= TRUNCATE_SINCE ? "p.pubtruncate" : "false") + ", "
                + (version >= VIA_ROOT_SINCE ? "p.pubviaroot" : "false") + ", "
                + (version >= GENERATED_SINCE ? "p.pubgencols <> 'n'" : "false") + ", "
                + "pg_catalog.pg_has_role(p.pubowner, 'USAGE') FROM pg_catalog.pg_publication p WHERE p.pubname = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String[] all = {"insert", "update", "delete", "truncate"};
                Set<String> operations = new LinkedHashSet<>();
                for (int i = 0; i < all.length; i++) {
                    // Version 10 does not decode truncates at all, so none is missed in a publication.
                    if (row.getBoolean(i + 1) || i == all.length - 1 && version < TRUNCATE_SINCE) {
                        operations.add(all[i]);
                    }
                }
                return Optional.of(new Publication(
                        name,
                        operations,
                        names(connection, TABLES, name),
                        version >= NARROWED_SINCE ? names(connection, NARROWED, name) : Set.of(),
                        new Traits(row.getBoolean(7), row.getBoolean(5), row.getBoolean(6))));
            }
        }
    }

    private static final String TABLES =
            "SELECT t.schemaname, t.tablename FROM pg_catalog.pg_publication_tables t WHERE t.pubname = ?";

    private static final String NARROWED = """
            SELECT n.nspname, c.relname
            FROM pg_catalog.pg_publication p
            JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
            JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE p.pubname = ? AND (r.prqual IS NOT NULL OR r.prattrs IS NOT NULL)
            """;

    private static Set<TableName> names(Connection connection, String sql, String publication) throws SQLException {
        Set<TableName> names = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(new TableName(row.getString(1), row.getString(2)));
                }
            }
        }
        return names;
    }
}
