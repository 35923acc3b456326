package io.sluice.job.preflight;

import static java.util.stream.Collectors.joining;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks at the source: whether the tables are there, can be read, and can be followed. */
final class SourceCheck {
    private static final String READABLE = "SELECT n.nspname, c.relname,"
            + " pg_catalog.has_schema_privilege(n.oid, 'USAGE'), pg_catalog.has_table_privilege(c.oid, 'SELECT'),"
            + " pg_catalog.row_security_active(c.oid)"
            + " FROM unnest(?::text[], ?::text[]) AS wanted(s, t)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.s"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.t ORDER BY 1, 2";

    private final Connection connection;
    private final PipelineConfig config;
    private final List<Finding> findings = new ArrayList<>();

    SourceCheck(Connection connection, PipelineConfig config) {
        this.connection = connection;
        this.config = config;
    }

    /** What the source has for the pipeline: {@code tables} are those that can be read. */
    record Result(List<TableSchema> tables, List<Finding> findings) {}

    Result run() throws SQLException {
        SelectedTables selected =
                SelectedTables.find(connection, config.source().tables());
        findings.addAll(selected.findings());
        List<TableSchema> tables = Catalog.tables(connection, readable(selected.names()));
        keys(tables);
        if (followsLog()) {
            findings.addAll(new LogCheck(connection, config).findings(tables));
        }
        return new Result(tables, List.copyOf(findings));
    }

    private boolean followsLog() {
        return config.source().method() == ReplicationMethod.LOG_BASED
                && config.source().log().startup() != StartupMode.SNAPSHOT_ONLY;
    }

    private List<TableName> readable(List<TableName> names) throws SQLException {
        List<TableName> readable = new ArrayList<>();
        String user = "\"" + connection.getMetaData().getUserName() + "\"";
        try (PreparedStatement select = connection.prepareStatement(READABLE)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", names.stream().map(TableName::schema).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", names.stream().map(TableName::table).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    TableName name = new TableName(row.getString(1), row.getString(2));
                    if (!row.getBoolean(3)) {
                        findings.add(Finding.error(
                                where() + "user " + user + " may not use schema " + name.schema() + ", which holds "
                                        + name,
                                "GRANT USAGE ON SCHEMA to it"));
                    } else if (!row.getBoolean(4)) {
                        findings.add(Finding.error(
                                where() + "user " + user + " may not read " + name, "GRANT SELECT ON the table to it"));
                    } else if (row.getBoolean(5)) {
                        findings.add(Finding.error(
                                where() + "row security hides rows of " + name + " from user " + user,
                                "ALTER ROLE it BYPASSRLS, or read as the table's owner"));
                    } else {
                        readable.add(name);
                    }
                }
            }
        }
        return readable;
    }

    private void keys(List<TableSchema> tables) {
        List<TableName> keyless = tables.stream()
                .filter(table -> !table.keyed())
                .map(TableSchema::name)
                .toList();
        if (keyless.isEmpty()) {
            return;
        }
        String names = keyless.stream().map(TableName::toString).collect(joining(", "));
        if (config.target().tables().primaryKeyRequired()) {
            findings.add(Finding.error(
                    where() + "without a primary key: " + names,
                    "add one, or ALTER TABLE ... REPLICA IDENTITY USING INDEX, or set target.primary-key-required:"
                            + " false to append inserted rows only"));
        } else {
            findings.add(Finding.warning(
                    where() + "without a primary key: " + names,
                    "their inserted rows are appended, their updates and deletes are not followed"));
        }
    }

    private String where() {
        return "source " + config.source().connection().name() + ": ";
    }
}
