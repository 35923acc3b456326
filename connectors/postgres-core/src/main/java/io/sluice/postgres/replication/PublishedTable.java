package io.sluice.postgres.replication;

import io.sluice.postgres.change.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as publications see it.
 *
 * @param identified its updates and deletes can be published: the replica identity names the rows. Where it does not,
 *     publishing them makes the application's own UPDATE fail
 * @param ours the role may add it to a publication
 */
record PublishedTable(TableName name, boolean identified, Kind kind, boolean ours, boolean generated) {

    /** What decides whether changes of the table appear under its name. */
    enum Kind {
        PLAIN,
        PARTITIONED,
        UNLOGGED
    }

    private static final String TABLES = """
            SELECT n.nspname, c.relname,
                   CASE c.relreplident
                       WHEN 'f' THEN true
                       WHEN 'n' THEN false
                       ELSE EXISTS (SELECT FROM pg_catalog.pg_index i
                                    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                                      AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END)
                   END AS identified,
                   CASE WHEN c.relkind = 'p' THEN 'PARTITIONED'
                        WHEN c.relpersistence <> 'p' THEN 'UNLOGGED'
                        ELSE 'PLAIN' END AS kind,
                   pg_catalog.pg_has_role(c.relowner, 'USAGE') AS ours,
                   EXISTS (SELECT FROM pg_catalog.pg_attribute a
                           WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped) AS generated
            FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[])) AS w(s, t)
            JOIN pg_catalog.pg_namespace n ON n.nspname = w.s
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.t
            ORDER BY n.nspname, c.relname
            """;

    /** Those of the tables that exist, in the order of their names. */
    static List<PublishedTable> read(Connection connection, List<TableName> names) throws SQLException {
        List<PublishedTable> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", names.stream().map(TableName::schema).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", names.stream().map(TableName::table).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tables.add(new PublishedTable(
                            new TableName(row.getString("nspname"), row.getString("relname")),
                            row.getBoolean("identified"),
                            Kind.valueOf(row.getString("kind")),
                            row.getBoolean("ours"),
                            row.getBoolean("generated")));
                }
            }
        }
        return tables;
    }
}
