package io.sluice.postgres.apply.ledger;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one pipeline: tables in the staging schema. It is the de-duplicator and the fence (RULES F3): whoever
 * applies changes locks the pipeline's row, leaves out what is at or below its position, and moves it, all in one
 * transaction. Its methods run in the caller's transaction.
 */
public final class Ledger {
    private final String schema;
    private final String pipeline;

    public Ledger(String stagingSchema, String pipeline) {
        this.schema = stagingSchema;
        this.pipeline = pipeline;
    }

    /** How far the target is; null when no change of the stream has been applied yet. */
    public record Applied(Origin origin, ChangePosition position) {}

    /** How the rows of a table's snapshot reach the target. */
    public enum Load {
        /** COPY straight into a table that was empty at first contact. */
        DIRECT,
        /** Staged and merged by the committer: the table held rows before. */
        STAGED
    }

    /** How far a table's first copy is. */
    public enum LoadState {
        /** Rows are coming in; a table that we made has no key yet. */
        LOADING,
        /** All chunks are in, the key is there. */
        COMPLETE
    }

    /** What the ledger knows of a source table; {@code snapshot} is null for a table that was never copied. */
    public record Entry(
            TableName source,
            TableName target,
            Load load,
            LoadState state,
            @Nullable Snapshot snapshot) {}

    /** Makes schema and tables where they are missing; several writers may do so at the same time. */
    public void create(Connection connection) throws SQLException {
        String s = Names.quote(schema);
        try (Statement statement = connection.createStatement()) {
            if (exists(statement)) {
                return;
            }
            statement.execute("SELECT pg_catalog.pg_advisory_lock(" + lockKey() + ")");
            try {
                // Others may neither read row values that wait here nor put anything into our schema (RULES S24).
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + s);
                statement.execute("REVOKE ALL ON SCHEMA " + s + " FROM PUBLIC");
                statement.execute("CREATE TABLE IF NOT EXISTS " + s + ".pipeline (name text PRIMARY KEY,"
                        + " system_id text, timeline int, slot text, plugin text, lsn pg_lsn, ordinal bigint,"
                        + " updated_at timestamptz NOT NULL DEFAULT pg_catalog.now())");
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS " + s + ".pipeline_table (pipeline text, source_schema text,"
                                + " source_table text, target_schema text NOT NULL, target_table text NOT NULL,"
                                + " load text NOT NULL, state text NOT NULL, snapshot_id text, snapshot_visible text,"
                                + " snapshot_boundary pg_lsn, snapshot_time bigint,"
                                + " PRIMARY KEY (pipeline, source_schema, source_table))");
                statement.execute("CREATE TABLE IF NOT EXISTS " + s + ".chunk (pipeline text, source_schema text,"
                        + " source_table text, snapshot_id text, chunk int, chunks int NOT NULL, rows bigint NOT NULL,"
                        + " done boolean NOT NULL,"
                        + " PRIMARY KEY (pipeline, source_schema, source_table, snapshot_id, chunk))");
                statement.execute("CREATE TABLE IF NOT EXISTS " + s + ".pipeline_key (pipeline text,"
                        + " source_schema text, source_table text, columns text[] NOT NULL,"
                        + " PRIMARY KEY (pipeline, source_schema, source_table))");
                statement.execute("CREATE TABLE IF NOT EXISTS " + s + ".staging (name text PRIMARY KEY,"
                        + " pipeline text NOT NULL, incarnation uuid NOT NULL, unit uuid)");
            } finally {
                statement.execute("SELECT pg_catalog.pg_advisory_unlock(" + lockKey() + ")");
            }
        }
    }

    /** True when the staging schema has a ledger; asks only. */
    public boolean exists(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return exists(statement);
        }
    }

    /** How far the target is, without a lock. */
    public Optional<Applied> applied(Connection connection) throws SQLException {
        return readApplied(connection, "");
    }

    /**
     * Locks the pipeline's row until the transaction ends, making it where it is missing, and tells how far the target
     * is.
     */
    public Optional<Applied> lock(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO " + Names.quote(schema) + ".pipeline (name) VALUES (?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, pipeline);
            insert.executeUpdate();
        }
        return readApplied(connection, " FOR UPDATE");
    }

    /** Moves the position; the caller holds the lock. */
    public void move(Connection connection, Applied applied) throws SQLException {
        String sql =
                "UPDATE " + Names.quote(schema) + ".pipeline SET system_id = ?, timeline = ?, slot = ?, plugin = ?,"
                        + " lsn = ?::pg_catalog.pg_lsn, ordinal = ?, updated_at = pg_catalog.now() WHERE name = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, applied.origin().systemId());
            update.setInt(2, applied.origin().timeline());
            update.setString(3, applied.origin().slot());
            update.setString(4, applied.origin().plugin());
            update.setString(5, applied.position().lsn().toString());
            update.setLong(6, applied.position().ordinal());
            update.setString(7, pipeline);
            update.executeUpdate();
        }
    }

    /** All tables of the pipeline, without a lock. */
    public Map<TableName, Entry> entries(Connection connection) throws SQLException {
        Map<TableName, Entry> entries = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(selectEntries("true"))) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Entry entry = entry(row);
                    entries.put(entry.source(), entry);
                }
            }
        }
        return entries;
    }

    /**
     * The entry of a table, locked until the transaction ends.
     *
     * @param strength FOR UPDATE to change it, FOR SHARE to rely on it until COMMIT (RULES S17)
     */
    public Optional<Entry> lockEntry(Connection connection, TableName source, Strength strength) throws SQLException {
        String sql = selectEntries("source_schema = ? AND source_table = ?") + strength.clause;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, pipeline);
            select.setString(2, source.schema());
            select.setString(3, source.table());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(entry(row)) : Optional.empty();
            }
        }
    }

    /** How an entry is locked. */
    public enum Strength {
        FOR_UPDATE(" FOR UPDATE"),
        FOR_SHARE(" FOR SHARE");

        private final String clause;

        Strength(String clause) {
            this.clause = clause;
        }
    }

    /** Makes or replaces a table's entry. */
    public void put(Connection connection, Entry entry) throws SQLException {
        String sql = "INSERT INTO " + Names.quote(schema) + ".pipeline_table VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?::pg_catalog.pg_lsn, ?) ON CONFLICT (pipeline, source_schema, source_table) DO UPDATE SET"
                + " target_schema = excluded.target_schema, target_table = excluded.target_table, load = excluded.load,"
                + " state = excluded.state, snapshot_id = excluded.snapshot_id,"
                + " snapshot_visible = excluded.snapshot_visible, snapshot_boundary = excluded.snapshot_boundary,"
                + " snapshot_time = excluded.snapshot_time";
        Snapshot snapshot = entry.snapshot();
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, pipeline);
            insert.setString(2, entry.source().schema());
            insert.setString(3, entry.source().table());
            insert.setString(4, entry.target().schema());
            insert.setString(5, entry.target().table());
            insert.setString(6, entry.load().name());
            insert.setString(7, entry.state().name());
            insert.setString(8, snapshot == null ? null : snapshot.id());
            insert.setString(9, snapshot == null ? null : snapshot.visible());
            insert.setString(10, snapshot == null ? null : snapshot.boundary().toString());
            insert.setObject(11, snapshot == null ? null : snapshot.time(), java.sql.Types.BIGINT);
            insert.executeUpdate();
        }
    }

    /** Of a table's chunks under one snapshot: how many there are, and how many are wholly in the target. */
    public record Chunks(int done, int of) {
        public boolean complete() {
            return of > 0 && done == of;
        }
    }

    public Chunks chunks(Connection connection, TableName source, String snapshotId) throws SQLException {
        String sql = "SELECT pg_catalog.count(*) FILTER (WHERE done), coalesce(pg_catalog.max(chunks), 0) FROM "
                + Names.quote(schema)
                + ".chunk WHERE pipeline = ? AND source_schema = ? AND source_table = ? AND snapshot_id = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            setTable(select, source);
            select.setString(4, snapshotId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Chunks(row.getInt(1), row.getInt(2));
            }
        }
    }

    /** Number of rows of a chunk that the target has; 0 when none came yet. */
    public long rows(Connection connection, TableName source, String snapshotId, int chunk) throws SQLException {
        String sql = "SELECT rows FROM " + Names.quote(schema) + ".chunk WHERE pipeline = ? AND source_schema = ?"
                + " AND source_table = ? AND snapshot_id = ? AND chunk = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            setTable(select, source);
            select.setString(4, snapshotId);
            select.setInt(5, chunk);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** What a transaction adds to a chunk: rows up to the number {@code rows}. */
    public record ChunkRows(TableName source, String snapshotId, int chunk, int chunks, long rows, boolean done) {}

    /**
     * Moves a chunk's number of rows from {@code before}, in the transaction that brings the rows.
     *
     * @return false when the number is another one now: somebody else brought rows meanwhile, roll back
     */
    public boolean moveChunk(Connection connection, ChunkRows to, long before) throws SQLException {
        String s = Names.quote(schema);
        String insert = "INSERT INTO " + s + ".chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
                + " (pipeline, source_schema, source_table, snapshot_id, chunk) DO UPDATE"
                + " SET rows = excluded.rows, done = excluded.done WHERE chunk.rows = ?";
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            setTable(statement, to.source());
            statement.setString(4, to.snapshotId());
            statement.setInt(5, to.chunk());
            statement.setInt(6, to.chunks());
            statement.setLong(7, to.rows());
            statement.setBoolean(8, to.done());
            statement.setLong(9, before);
            return statement.executeUpdate() == 1;
        }
    }

    /** Forgets the chunks of all snapshots of a table but one. */
    public void forgetChunks(Connection connection, TableName source, String exceptSnapshotId) throws SQLException {
        String sql = "DELETE FROM " + Names.quote(schema)
                + ".chunk WHERE pipeline = ? AND source_schema = ? AND source_table = ? AND snapshot_id <> ?";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            setTable(delete, source);
            delete.setString(4, exceptSnapshotId);
            delete.executeUpdate();
        }
    }

    /** Notes a table's key, in key order, for whoever builds it when all chunks are in. */
    public void rememberKey(Connection connection, TableName source, List<String> columns) throws SQLException {
        String sql = "INSERT INTO " + Names.quote(schema) + ".pipeline_key VALUES (?, ?, ?, ?) ON CONFLICT"
                + " (pipeline, source_schema, source_table) DO UPDATE SET columns = excluded.columns"
                + " WHERE pipeline_key.columns <> excluded.columns";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            setTable(insert, source);
            insert.setArray(4, connection.createArrayOf("text", columns.toArray()));
            insert.executeUpdate();
        }
    }

    /** The key noted for a table; empty when it is keyless. */
    public List<String> key(Connection connection, TableName source) throws SQLException {
        String sql = "SELECT columns FROM " + Names.quote(schema)
                + ".pipeline_key WHERE pipeline = ? AND source_schema = ? AND source_table = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            setTable(select, source);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? List.of((String[]) row.getArray(1).getArray()) : List.of();
            }
        }
    }

    private void setTable(PreparedStatement statement, TableName source) throws SQLException {
        statement.setString(1, pipeline);
        statement.setString(2, source.schema());
        statement.setString(3, source.table());
    }

    private Optional<Applied> readApplied(Connection connection, String lock) throws SQLException {
        String sql = "SELECT system_id, timeline, slot, plugin, lsn::text, ordinal FROM " + Names.quote(schema)
                + ".pipeline WHERE name = ?" + lock;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getString(5) == null) {
                    return Optional.empty();
                }
                Origin origin = new Origin(row.getString(1), row.getInt(2), row.getString(3), row.getString(4));
                return Optional.of(
                        new Applied(origin, new ChangePosition(Lsn.parse(row.getString(5)), row.getLong(6))));
            }
        }
    }

    private String selectEntries(String condition) {
        return "SELECT source_schema, source_table, target_schema, target_table, load, state, snapshot_id,"
                + " snapshot_visible, snapshot_boundary::text, snapshot_time FROM " + Names.quote(schema)
                + ".pipeline_table WHERE pipeline = ? AND " + condition;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        String id = row.getString(7);
        Snapshot snapshot =
                id == null ? null : new Snapshot(id, row.getString(8), Lsn.parse(row.getString(9)), row.getLong(10));
        return new Entry(
                new TableName(row.getString(1), row.getString(2)),
                new TableName(row.getString(3), row.getString(4)),
                Load.valueOf(row.getString(5)),
                LoadState.valueOf(row.getString(6)),
                snapshot);
    }

    private boolean exists(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT pg_catalog.to_regclass(" + Names.literal(Names.quote(schema) + ".staging") + ") IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * Key of the session advisory lock that a writer holds while it lives, so that what it staged is not taken for
     * left over (RULES S2).
     */
    public static long aliveLock(UUID incarnation) {
        return incarnation.getMostSignificantBits() ^ Long.rotateLeft(incarnation.getLeastSignificantBits(), 32);
    }

    private long lockKey() {
        return 0x736c756963650000L + (schema.hashCode() & 0xffff);
    }
}
