package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.load.KeyBuild;
import io.sluice.postgres.apply.load.LoadSessions;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import io.sluice.postgres.connection.CopyTarget;
import io.sluice.postgres.sql.MergeShape;
import io.sluice.postgres.sql.Names;
import io.sluice.postgres.sql.StagingSql;
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
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that merges: its settings, its temporary tables, and what it knows of the targets. Given up as a whole
 * after a failure, so that nothing it remembers outlives a change of the target.
 */
final class TargetSession implements AutoCloseable {
    /**
     * Key look-ups from the few staged rows into the target: with joins that read whole tables switched off, no
     * estimate of a staging table, which has no statistics, makes the planner scan the target (facts: 127 instead of
     * 280 thousand changes a second).
     */
    private static final List<String> SETTINGS = List.of(
            "search_path = pg_catalog",
            "enable_hashjoin = off",
            "enable_mergejoin = off",
            "enable_seqscan = off",
            "enable_bitmapscan = off",
            "enable_material = off",
            "jit = off",
            "client_min_messages = warning");

    private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

    private final Connection connection;
    private final ApplyOptions options;
    private final Ledger ledger;
    private final TargetTables tables;
    private final Map<TargetTable, List<MergeShape.Key>> keys = new HashMap<>();
    private final Map<List<String>, String> temporaries = new HashMap<>();
    private final Set<String> filled = new HashSet<>();
    private final Set<TableName> loaded = new HashSet<>();

    private TargetSession(Connection connection, ApplyOptions options, Ledger ledger) {
        this.connection = connection;
        this.options = options;
        this.ledger = ledger;
        this.tables = new TargetTables(ledger, options);
    }

    static TargetSession open(ConnectionSettings settings, String application, ApplyOptions options, Ledger ledger)
            throws SQLException {
        Connection connection = Connections.durable(settings, application);
        try {
            try (Statement statement = connection.createStatement()) {
                for (String setting : SETTINGS) {
                    statement.execute("SET " + setting);
                }
                statement.execute("SELECT set_config('session_replication_role', 'replica', false) WHERE "
                        + maySetReplicationRole(connection));
            }
            ledger.create(connection);
            return new TargetSession(connection, options, ledger);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Rows come in the source's order by table, not by statement, and have passed its foreign keys and triggers; so
     * these are off where the role may switch them off, as in native replication.
     */
    private static String maySetReplicationRole(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= 15
                ? "pg_catalog.has_parameter_privilege('session_replication_role', 'SET')"
                : "pg_catalog.current_setting('is_superuser') = 'on'";
    }

    Connection connection() {
        return connection;
    }

    ApplyOptions options() {
        return options;
    }

    /** Outside of a transaction the first time. */
    TargetTable table(TableSchema source) throws SQLException {
        return tables.contact(connection, source, null);
    }

    /**
     * Rows are found by their key, so a first copy whose rows are all there has to have it; waits for whoever builds
     * it. Outside of a transaction.
     */
    void endLoad(TableName source) throws SQLException {
        if (loaded.contains(source)) {
            return;
        }
        // Asked for all tables at once and without locks: most copies were over long ago.
        ledger.entries(connection).values().stream()
                .filter(entry -> entry.state() == Ledger.LoadState.COMPLETE)
                .forEach(entry -> loaded.add(entry.source()));
        if (loaded.contains(source)) {
            return;
        }
        LoadSessions sessions = new LoadSessions(options.stagingSchema(), options.pipeline());
        if (KeyBuild.finish(connection, ledger, sessions, source)) {
            loaded.add(source);
        }
    }

    MergeShape shape(TargetTable table, ValueFormat format) throws SQLException {
        List<MergeShape.Key> key = keys.get(table);
        if (key == null) {
            key = key(table);
            keys.put(table, key);
        }
        List<MergeShape.Column> columns = table.columns().stream()
                .map(column -> new MergeShape.Column(column.name(), column.stagedType()))
                .toList();
        MergeShape.Deletes deletes =
                switch (options.rows().deletes()) {
                    case KEEP -> MergeShape.Deletes.KEEP;
                    case MARK -> MergeShape.Deletes.MARK;
                    case REMOVE -> MergeShape.Deletes.REMOVE;
                };
        TableSchema source = table.source();
        return new MergeShape(
                table.name(),
                columns,
                key,
                deletes,
                format == ValueFormat.TEXT,
                source.keyed() && !source.bytewiseKey());
    }

    private List<MergeShape.Key> key(TargetTable table) throws SQLException {
        if (!table.source().keyed()) {
            return List.of();
        }
        List<String> names =
                table.columns().stream().map(column -> column.name()).toList();
        return tables.key(connection, table).columns().stream()
                .map(column -> new MergeShape.Key(names.indexOf(column.name()), column.operator()))
                .toList();
    }

    /** Makes the temporary table that takes rows of these types; outside of a transaction, so that it stays. */
    void prepareTemporary(List<String> types) throws SQLException {
        if (!temporaries.containsKey(types)) {
            String name = "rows_" + temporaries.size();
            execute(StagingSql.createTemporary(name, types), List.of());
            temporaries.put(types, "\"pg_temp\"." + Names.quote(name));
        }
    }

    /** A COPY into the temporary table for rows of these types, which is empty before; and its quoted name. */
    String fill(List<String> types, RowWriter rows) throws SQLException {
        String relation = temporaries.get(types);
        if (relation == null) {
            throw new IllegalStateException("no temporary table for " + types);
        }
        if (!filled.add(relation)) {
            execute("TRUNCATE " + relation, List.of());
        }
        try (CopyTarget copy = CopyTarget.binary(connection, "COPY " + relation + " FROM STDIN (FORMAT binary)")) {
            rows.write(copy);
            copy.finish();
        }
        return relation;
    }

    interface RowWriter {
        void write(CopyTarget copy) throws SQLException;
    }

    void begin() throws SQLException {
        connection.setAutoCommit(false);
        filled.clear();
    }

    void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    void rollback() throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** @return number of rows that the statement changed */
    long execute(String sql, List<?> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.execute() ? 0 : Math.max(0, statement.getLargeUpdateCount());
        }
    }

    /** The first column of all rows, as text. */
    List<String> texts(String sql, List<?> parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            List<String> texts = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    texts.add(row.getString(1));
                }
            }
            return texts;
        }
    }

    private static void set(PreparedStatement statement, List<?> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            @Nullable Object parameter = parameters.get(i);
            statement.setObject(i + 1, parameter);
        }
    }

    /** True when TRUNCATE works: we may, and no foreign key of another table is in the way. */
    boolean truncatable(TargetTable table) throws SQLException {
        return tables.truncatable(connection, table);
    }

    /** From another thread: ends what runs and the connection. */
    void abort() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LOG.debug("no statement to cancel: {}", e.getMessage());
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.warn("cannot abort the connection: {}", e.getMessage());
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
