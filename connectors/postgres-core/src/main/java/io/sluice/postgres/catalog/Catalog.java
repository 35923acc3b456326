package io.sluice.postgres.catalog;

import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the server's catalog says about tables. */
public final class Catalog {
    /**
     * One row a column. The types that a value is made of (domain, element, fields, range subtype) are walked, as one
     * unsafe part makes the whole unsafe. The key is the index of REPLICA IDENTITY USING INDEX, else the primary key.
     */
    private static final String COLUMNS = """
            with recursive wanted as (
                select c.oid, n.nspname, c.relname, c.relreplident
                from unnest(?::text[], ?::text[]) as w(s, t)
                join pg_catalog.pg_namespace n on n.nspname = w.s
                join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.t
                where c.relkind in ('r', 'p')
            ), keys as (
                select w.oid as relid, i.indkey, i.indcollation, i.indnkeyatts
                from wanted w
                join pg_catalog.pg_index i on i.indrelid = w.oid
                    and (case when w.relreplident = 'i' then i.indisreplident else i.indisprimary end)
            ), cols as (
                select w.oid as relid, w.nspname, w.relname, a.attnum, a.attname, a.atttypid, a.atttypmod,
                       a.attnotnull, a.attcollation,
                       coalesce(array_position(k.indkey::int2[], a.attnum), -1) as place, k.indnkeyatts
                from wanted w
                join pg_catalog.pg_attribute a on a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
                    and a.attgenerated = ''
                left join keys k on k.relid = w.oid
            ), parts(root, part) as (
                select distinct atttypid, atttypid from cols
                union
                select p.root, x.part
                from parts p
                join pg_catalog.pg_type t on t.oid = p.part
                cross join lateral (
                    select t.typbasetype where t.typtype = 'd'
                    union all
                    select t.typelem where t.typelem <> 0
                    union all
                    select a.atttypid from pg_catalog.pg_attribute a
                    where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
                    union all
                    select r.rngsubtype from pg_catalog.pg_range r where r.rngtypid = t.oid
                    union all
                    select r.rngtypid from pg_catalog.pg_range r where r.rngmultitypid = t.oid
                ) as x(part)
            ), traits as (
                select p.root,
                       bool_and(t.typsend <> 0 and t.typreceive <> 0 and not (
                           t.typnamespace = 'pg_catalog'::regnamespace and t.typname in (
                               'regproc', 'regprocedure', 'regoper', 'regoperator', 'regclass', 'regtype', 'regrole',
                               'regnamespace', 'regconfig', 'regdictionary', 'regcollation', 'regdatabase', 'aclitem',
                               'gtsvector', 'tsquery', 'oidvector', 'int2vector'))) as binary_safe,
                       bool_and(t.typtype in ('d', 'e') or (t.typnamespace = 'pg_catalog'::regnamespace
                           and t.typname in ('bool', 'int2', 'int4', 'int8', 'oid', 'text', 'varchar', 'name', 'char',
                               'bytea', 'uuid', 'date', 'timestamp', 'timestamptz', 'time', 'macaddr', 'macaddr8',
                               'pg_lsn', 'xid8', 'bit', 'varbit'))) as bytewise
                from parts p
                join pg_catalog.pg_type t on t.oid = p.part
                group by p.root
            ), bases(root, base, depth) as (
                select distinct atttypid, atttypid, 0 from cols
                union all
                select b.root, t.typbasetype, b.depth + 1
                from bases b
                join pg_catalog.pg_type t on t.oid = b.base and t.typtype = 'd'
            )
            select c.relid, c.nspname, c.relname, c.attnum, c.attname, c.atttypid, c.atttypmod,
                   pg_catalog.format_type(c.atttypid, c.atttypmod) as sql_type,
                   (select base from bases b where b.root = c.atttypid order by depth desc limit 1) as base,
                   t.binary_safe,
                   t.bytewise and coalesce((select l.collisdeterministic from pg_catalog.pg_collation l
                                            where l.oid = c.attcollation), true) as bytewise,
                   case when c.place >= 0 and c.place < c.indnkeyatts then c.place + 1 else 0 end as key_ordinal,
                   c.attnotnull
            from cols c
            join traits t on t.root = c.atttypid
            order by c.nspname, c.relname, c.attnum
            """;

    private Catalog() {}

    /**
     * The captured columns of tables, in the order of their names.
     *
     * @param connection to a server of version 13 or newer, with {@code pg_catalog} as its search path for the call
     * @throws MissingTablesException when any of them does not exist, naming all that do not
     */
    public static List<TableSchema> tables(Connection connection, Collection<TableName> names) throws SQLException {
        Map<TableName, Integer> oids = new LinkedHashMap<>();
        Map<TableName, List<Column>> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            Array schemas = connection.createArrayOf(
                    "text", names.stream().map(TableName::schema).toArray());
            Array tables = connection.createArrayOf(
                    "text", names.stream().map(TableName::table).toArray());
            statement.setArray(1, schemas);
            statement.setArray(2, tables);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    TableName name = new TableName(row.getString("nspname"), row.getString("relname"));
                    oids.put(name, (int) row.getLong("relid"));
                    columns.computeIfAbsent(name, n -> new ArrayList<>()).add(column(row));
                }
            }
        }
        Set<TableName> missing = new TreeSet<>(names);
        missing.removeAll(columns.keySet());
        if (!missing.isEmpty()) {
            throw new MissingTablesException(missing);
        }
        List<TableSchema> schemas = new ArrayList<>();
        columns.forEach((name, list) -> schemas.add(new TableSchema(name, oids.getOrDefault(name, 0), list)));
        return List.copyOf(schemas);
    }

    private static Column column(ResultSet row) throws SQLException {
        ColumnType type = new ColumnType(
                (int) row.getLong("atttypid"),
                row.getInt("atttypmod"),
                row.getString("sql_type"),
                (int) row.getLong("base"),
                new ColumnType.Traits(row.getBoolean("binary_safe"), row.getBoolean("bytewise")));
        return new Column(
                row.getString("attname"),
                row.getInt("attnum"),
                type,
                row.getInt("key_ordinal"),
                row.getBoolean("attnotnull"));
    }
}
