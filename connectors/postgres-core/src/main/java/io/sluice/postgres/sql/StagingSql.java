package io.sluice.postgres.sql;

import java.util.List;

/** Definitions of the tables that staged rows are copied into. */
public final class StagingSql {
    /** Before the columns c0, c1, ... of the values. */
    private static final List<String> HEADER = List.of(
            "s_segment pg_catalog.int4",
            "s_op pg_catalog.\"char\"",
            "s_lsn pg_catalog.pg_lsn",
            "s_ordinal pg_catalog.int8",
            "s_time pg_catalog.timestamptz",
            "s_unchanged pg_catalog.bytea");

    private StagingSql() {}

    /**
     * A logged table; nobody but its unit's writer and committer touches it, so it needs neither statistics nor
     * vacuum.
     */
    public static String createTable(String schema, String name, List<String> valueTypes) {
        return "CREATE TABLE " + Names.quote(schema) + "." + Names.quote(name) + columns(valueTypes)
                + " WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)";
    }

    /** A table of this session whose rows end with the transaction. */
    public static String createTemporary(String name, List<String> valueTypes) {
        return "CREATE TEMPORARY TABLE " + Names.quote(name) + columns(valueTypes) + " ON COMMIT DELETE ROWS";
    }

    private static String columns(List<String> valueTypes) {
        StringBuilder sql = new StringBuilder(" (").append(String.join(", ", HEADER));
        for (int i = 0; i < valueTypes.size(); i++) {
            sql.append(", c").append(i).append(' ').append(valueTypes.get(i));
        }
        return sql.append(')').toString();
    }
}
