package io.sluice.postgres.apply.table;

import io.sluice.postgres.apply.table.ExistingTable.ExistingColumn;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads target tables from pg_catalog; takes no locks on them. */
final class TargetCatalog {
    private static final String TABLE = """
            SELECT c.oid, c.relkind,
                   c.relrowsecurity AND (c.relforcerowsecurity
                       OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')) AND NOT r.bypass AS policies,
                   pg_catalog.has_table_privilege(c.oid, 'TRUNCATE') AS may_truncate,
                   EXISTS (SELECT FROM pg_catalog.pg_constraint k
                           WHERE k.confrelid = c.oid AND k.contype = 'f' AND k.conrelid <> c.oid) AS referenced,
                   EXISTS (SELECT FROM pg_catalog.pg_constraint k
                           WHERE k.conrelid = c.oid AND k.contype = 'f') AS foreign_keys,
                   EXISTS (SELECT FROM pg_catalog.pg_trigger g
                           WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN (SELECT rolsuper OR rolbypassrls AS bypass
                        FROM pg_catalog.pg_roles WHERE rolname = current_user) r
            WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """;

    /** A domain's base type may be a domain again. */
    private static final String COLUMNS = """
            WITH RECURSIVE base(attnum, type, depth) AS (
                SELECT a.attnum, a.atttypid, 0
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL
                SELECT b.attnum, t.typbasetype, b.depth + 1
                FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype = 'd'
            )
            SELECT DISTINCT ON (a.attnum) a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS sql_type,
                   pg_catalog.format_type(b.type, -1) AS staged_type, b.type AS base, t.typcategory AS category,
                   a.attgenerated <> '' AS generated,
                   a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS required
            FROM pg_catalog.pg_attribute a
            JOIN base b ON b.attnum = a.attnum
            JOIN pg_catalog.pg_type t ON t.oid = b.type
            WHERE a.attrelid = ?
            ORDER BY a.attnum, b.depth DESC
            """;

    private static final String KEYS = """
            SELECT x.relname, i.indisprimary, a.attname, n.nspname, o.oprname
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) AS k(place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.place]
            JOIN pg_catalog.pg_opclass c ON c.oid = i.indclass[k.place]
            JOIN pg_catalog.pg_amop m ON m.amopfamily = c.opcfamily AND m.amopstrategy = 3
                AND m.amoplefttype = c.opcintype AND m.amoprighttype = c.opcintype
            JOIN pg_catalog.pg_operator o ON o.oid = m.amopopr
            JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
            WHERE i.indrelid = ? AND i.indisunique AND i.indisvalid AND i.indimmediate
              AND i.indpred IS NULL AND i.indexprs IS NULL
            ORDER BY i.indisprimary DESC, x.relname, k.place
            """;

    private TargetCatalog() {}

    static Optional<ExistingTable> find(Connection connection, TableName name) throws SQLException {
        long oid;
        boolean mayTruncate;
        ExistingTable.Traits traits;
        try (PreparedStatement select = connection.prepareStatement(TABLE)) {
            select.setString(1, name.schema());
            select.setString(2, name.table());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                oid = row.getLong("oid");
                mayTruncate = row.getBoolean("may_truncate");
                traits = new ExistingTable.Traits(
                        row.getString("relkind").charAt(0),
                        row.getBoolean("policies"),
                        row.getBoolean("referenced"),
                        row.getBoolean("foreign_keys"),
                        row.getBoolean("triggers"));
            }
        }
        return Optional.of(new ExistingTable(
                name, columns(connection, oid), keys(connection, oid), mayTruncate && !traits.referenced(), traits));
    }

    private static Map<String, ExistingColumn> columns(Connection connection, long oid) throws SQLException {
        Map<String, ExistingColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setLong(1, oid);
            select.setLong(2, oid);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TargetColumn column = new TargetColumn(
                            row.getString("attname"), row.getString("sql_type"), row.getString("staged_type"), (int)
                                    row.getLong("base"));
                    columns.put(
                            column.name(),
                            new ExistingColumn(
                                    column,
                                    row.getString("category").charAt(0),
                                    row.getBoolean("required"),
                                    row.getBoolean("generated")));
                }
            }
        }
        return columns;
    }

    private static List<KeyIndex> keys(Connection connection, long oid) throws SQLException {
        Map<String, List<KeyIndex.KeyColumn>> columns = new LinkedHashMap<>();
        List<String> primary = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(KEYS)) {
            select.setLong(1, oid);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String index = row.getString("relname");
                    if (row.getBoolean("indisprimary")) {
                        primary.add(index);
                    }
                    String operator =
                            "OPERATOR(" + Names.quote(row.getString("nspname")) + "." + row.getString("oprname") + ")";
                    columns.computeIfAbsent(index, i -> new ArrayList<>())
                            .add(new KeyIndex.KeyColumn(row.getString("attname"), operator));
                }
            }
        }
        List<KeyIndex> keys = new ArrayList<>();
        columns.forEach((index, list) -> keys.add(new KeyIndex(index, primary.contains(index), list)));
        return List.copyOf(keys);
    }
}
