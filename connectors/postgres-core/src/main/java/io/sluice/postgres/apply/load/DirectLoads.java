package io.sluice.postgres.apply.load;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The direct loads of one writer: a COPY for each chunk that comes in.
 *
 * <p>Not thread-safe.
 */
public final class DirectLoads implements AutoCloseable {
    private final ConnectionSettings settings;
    private final Ledger ledger;
    private final LoadSessions sessions;
    private final KeyBuilder keys;
    private final Map<Chunk, ChunkLoad> open = new LinkedHashMap<>();
    private final Deque<Connection> idle = new ArrayDeque<>();

    private record Chunk(TableName source, SnapshotChunk chunk) {}

    /** @param sessions names the sessions that load */
    public DirectLoads(ConnectionSettings settings, Ledger ledger, LoadSessions sessions) {
        this.settings = settings;
        this.ledger = ledger;
        this.sessions = sessions;
        this.keys = new KeyBuilder(settings, sessions, ledger);
    }

    /** Ends loads that a failure left without their key; returns at once. */
    public void resume(Connection connection) throws SQLException {
        keys.resume(connection);
    }

    /** @throws SQLException when a key could not be built */
    public void check() throws SQLException {
        keys.check();
    }

    /** Waits until the keys of finished loads are built. */
    public void awaitKeys() throws SQLException, InterruptedException {
        keys.await();
    }

    /**
     * Copies rows into the target. They count when {@link #commit} returns, or, for the last ones of a chunk, when this
     * does.
     *
     * @return number of rows copied; the target had the others
     */
    public int write(TargetTable table, SnapshotBatch batch) throws SQLException {
        Chunk chunk = new Chunk(batch.schema().name(), batch.chunk());
        ChunkLoad load = open.get(chunk);
        if (load == null) {
            load = open(table, batch.chunk());
            open.put(chunk, load);
        }
        try {
            int rows = load.write(batch.rows());
            if (batch.rows().last()) {
                load.commit(true);
                open.remove(chunk);
                idle.push(load.connection());
                keys.finish(load.source());
            }
            return rows;
        } catch (SQLException | RuntimeException e) {
            // At once, not when the writer is closed: others may wait for its locks.
            giveUp(load.connection(), e);
            throw e;
        }
    }

    /** Ends and commits every COPY; the chunks go on with a new one. */
    public void commit() throws SQLException {
        List<ChunkLoad> ended = new ArrayList<>(open.values());
        for (ChunkLoad load : ended) {
            try {
                load.commit(false);
            } catch (SQLException | RuntimeException e) {
                giveUp(load.connection(), e);
                throw e;
            }
            idle.push(load.connection());
        }
        open.clear();
    }

    /** Breaks off what is open; nothing of it counts (RULES F9). */
    @Override
    public void close() throws SQLException {
        @Nullable SQLException first = null;
        List<Connection> all = new ArrayList<>(idle);
        open.values().forEach(load -> all.add(load.connection()));
        open.clear();
        idle.clear();
        for (Connection connection : all) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                first = first == null ? e : first;
            }
        }
        keys.close();
        if (first != null) {
            throw first;
        }
    }

    private ChunkLoad open(TargetTable table, SnapshotChunk chunk) throws SQLException {
        Connection connection = idle.isEmpty() ? Connections.durable(settings, sessions.prefix()) : idle.pop();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("SET application_name = '" + sessions.name(chunk.snapshot()) + "'");
            connection.setAutoCommit(false);
            return new ChunkLoad(connection, ledger, table, chunk);
        } catch (SQLException | RuntimeException e) {
            giveUp(connection, e);
            throw e;
        }
    }

    private static void giveUp(Connection connection, Exception because) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}
