package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.option.TableMapping;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.CopyTarget;
import io.sluice.postgres.connection.Secret;
import io.sluice.postgres.sql.Names;
import io.sluice.postgres.sql.StagingSql;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A server with a source and a target database, and units made by hand for the target. */
final class Target implements AutoCloseable {
    static final Origin ORIGIN = new Origin("7000000000000000001", 1, "slot", "pgoutput");
    static final String STAGING = "_sluice";

    private final PostgresServer server;

    Target(PostgresServer server) throws SQLException {
        this.server = server;
        server.execute("postgres", "create database source", "create database target");
    }

    PostgresServer server() {
        return server;
    }

    ConnectionSettings settings() {
        return new ConnectionSettings(
                "target",
                new ConnectionSettings.Endpoint(server.host(), server.port(), "target"),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    static ApplyOptions options(DeleteMode deletes) {
        return new ApplyOptions(
                "p",
                STAGING,
                TableMapping.SAME_NAME,
                new RowOptions(deletes, TruncateMode.APPLY, KeyPolicy.OPTIONAL, ForeignRows.MERGE),
                FlushPolicy.DEFAULT);
    }

    UnitCommitter committer(DeleteMode deletes) {
        return new UnitCommitter(settings(), "test", options(deletes));
    }

    /** The ledger as it was before anything was applied. */
    void reset() throws SQLException {
        server.execute("target", "drop schema if exists " + STAGING + " cascade");
    }

    /** A table of the source, unknown to the target. */
    TableSchema table(String name, String columns) throws SQLException {
        server.execute("source", "drop table if exists " + name, "create table " + name + "(" + columns + ")");
        server.execute("target", "drop table if exists " + name);
        try (Connection connection = server.connect("source")) {
            connection.createStatement().execute("set search_path = pg_catalog");
            return Catalog.tables(connection, List.of(new TableName("public", name)))
                    .get(0);
        }
    }

    /** Makes the target's table, as the first change of a stream does. */
    void meet(DeleteMode deletes, TableSchema schema) throws SQLException {
        Ledger ledger = new Ledger(STAGING, "p");
        try (Connection connection = server.connect("target")) {
            ledger.create(connection);
            new TargetTables(ledger, options(deletes)).contact(connection, schema, null);
        }
    }

    List<List<String>> rows(String sql) throws SQLException {
        return server.query("target", sql);
    }

    static ChangePosition at(long lsn, long ordinal) {
        return new ChangePosition(new Lsn(lsn), ordinal);
    }

    static Unit unit(long end, Step... steps) {
        return unit(UUID.randomUUID(), end, steps);
    }

    static Unit unit(UUID id, long end, Step... steps) {
        return new Unit("p", UUID.randomUUID(), id, new Unit.End(ORIGIN, at(end, 0)), List.of(steps));
    }

    static Step.Rows inline(TableSchema schema, ValueFormat format, StagedRows rows) {
        byte[] bytes = rows.bytes(0);
        return new Step.Rows(schema, format, rows.counts(), new Step.Staged.Inline(bytes, bytes.length));
    }

    static Step.Rows inline(TableSchema schema, StagedRows rows) {
        return inline(schema, ValueFormat.BINARY, rows);
    }

    /** Stages the rows as the next segment of a new table of the unit, after a segment of other rows. */
    Step.Rows staged(DeleteMode deletes, UUID unit, TableSchema schema, ValueFormat format, StagedRows rows)
            throws SQLException {
        String name = "s_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = server.connect("target")) {
            Ledger ledger = new Ledger(STAGING, "p");
            ledger.create(connection);
            List<String> types = new TargetTables(ledger, options(deletes))
                    .contact(connection, schema, null)
                    .stagedTypes(format);
            connection.createStatement().execute(StagingSql.createTable(STAGING, name, types));
            connection
                    .createStatement()
                    .execute("insert into " + STAGING + ".staging values ('" + name + "', 'p', '" + UUID.randomUUID()
                            + "', '" + unit + "')");
            copy(connection, name, rows.bytes(1));
            copy(connection, name, rows.bytes(2));
        }
        long blocks = Long.parseLong(rows("select pg_relation_size('" + STAGING + "." + name + "') / 8192")
                .get(0)
                .get(0));
        return new Step.Rows(schema, format, rows.counts(), new Step.Staged.InTable(name, 2, 0, blocks));
    }

    private static void copy(Connection connection, String name, byte[] rows) throws SQLException {
        String table = Names.quote(new TableName(STAGING, name));
        try (CopyTarget copy = CopyTarget.binary(connection, "COPY " + table + " FROM STDIN (FORMAT binary)")) {
            copy.write(rows, 0, rows.length);
            copy.finish();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
