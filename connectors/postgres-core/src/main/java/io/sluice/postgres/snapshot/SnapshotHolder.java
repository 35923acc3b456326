package io.sluice.postgres.snapshot;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * A transaction on the primary that exported a snapshot and keeps its tables from being rewritten.
 *
 * <p>The order is what makes it exact: the tables are locked before the snapshot exists, because a rewrite moves rows
 * between ctid ranges without a trace (RULES F2); the WAL position is asked after it (RULES S9); and nothing of the
 * snapshot may be used before the WAL is flushed up to that position, because a crash would take back what the
 * snapshot showed and use its transaction ids again.
 */
public final class SnapshotHolder implements AutoCloseable {
    private static final int ALIVE_SECONDS = 30;

    private final Connection connection;
    private final String exported;
    private final Snapshot snapshot;
    private final Map<TableName, Long> bytes;

    private SnapshotHolder(Connection connection, List<TableSchema> tables) throws SQLException {
        this.connection = connection;
        PGConnection quoting = connection.unwrap(PGConnection.class);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            List<String> names = new ArrayList<>();
            for (TableSchema table : tables) {
                names.add(quote(quoting, table.name()));
            }
            statement.execute("LOCK TABLE " + String.join(", ", names) + " IN ACCESS SHARE MODE");
            String visible;
            long time;
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot(),"
                    + " pg_catalog.pg_current_snapshot()::text,"
                    + " (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::int8 - 946684800000000")) {
                row.next();
                exported = row.getString(1);
                visible = row.getString(2);
                time = row.getLong(3);
            }
            Lsn boundary;
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_insert_lsn()::text")) {
                row.next();
                boundary = Lsn.parse(row.getString(1));
            }
            snapshot = new Snapshot(UUID.randomUUID().toString(), visible, boundary, time);
            bytes = new HashMap<>();
            for (TableSchema table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_relation_size("
                        + Integer.toUnsignedString(table.relationOid()) + "::oid)")) {
                    row.next();
                    bytes.put(table.name(), row.getLong(1));
                }
            }
        }
    }

    /**
     * Takes the snapshot and returns when its rows may be used.
     *
     * @throws SQLException when a table is gone, the role may not read it, or the connection breaks
     */
    public static SnapshotHolder open(ConnectionSettings settings, String application, List<TableSchema> tables)
            throws SQLException {
        return open(settings, application, tables, connection -> {});
    }

    /** Told of the holder's connection before it waits for locks, to break off. */
    public interface Opened {
        void connection(Connection connection) throws SQLException;
    }

    /**
     * Takes the snapshot and returns when its rows may be used.
     *
     * @throws SQLException when a table is gone, the role may not read it, or the connection breaks or is broken off
     */
    public static SnapshotHolder open(
            ConnectionSettings settings, String application, List<TableSchema> tables, Opened opened)
            throws SQLException {
        Connection connection = Connections.query(settings, application);
        try {
            opened.connection(connection);
            SnapshotHolder holder = new SnapshotHolder(connection, tables);
            flushWal(settings, application, holder.snapshot.boundary());
            return holder;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** The server's name for it, to be imported while this holder is open. */
    public String exported() {
        return exported;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    /** Bytes of the table's main fork. */
    public long bytes(TableName table) {
        Long size = bytes.get(table);
        if (size == null) {
            throw new IllegalArgumentException(table + " is not in this snapshot");
        }
        return size;
    }

    /** False when the server or the network has ended the transaction, and the snapshot with it. */
    public boolean alive() throws SQLException {
        return connection.isValid(ALIVE_SECONDS);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    static String quote(PGConnection connection, TableName name) throws SQLException {
        return connection.escapeIdentifier(name.schema()) + "." + connection.escapeIdentifier(name.table());
    }

    private static void flushWal(ConnectionSettings settings, String application, Lsn boundary) throws SQLException {
        try (Connection connection = Connections.query(settings, application);
                Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = local");
            statement.execute("SELECT pg_catalog.pg_logical_emit_message(true, 'sluice', 'flush')");
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_flush_lsn()::text")) {
                row.next();
                Lsn flushed = Lsn.parse(row.getString(1));
                if (flushed.isBefore(boundary)) {
                    throw new SQLException("the WAL is flushed up to " + flushed + " only, the snapshot needs "
                            + boundary + "; is fsync or synchronous_commit out of order?");
                }
            }
        }
    }
}
