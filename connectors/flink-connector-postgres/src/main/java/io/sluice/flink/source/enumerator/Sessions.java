package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.option.SourceSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * The enumerator's connections, so that closing it ends whatever they wait for: Flink waits for its worker thread
 * without end, and a driver's read does not heed an interrupt.
 *
 * <p>Thread-safe.
 */
final class Sessions implements AutoCloseable {
    private final SourceSettings settings;
    private final Set<Connection> open = new HashSet<>();
    private boolean closed;

    /** Work on a connection. */
    interface Work<R> {
        R on(Connection connection) throws Exception;
    }

    Sessions(SourceSettings settings) {
        this.settings = settings;
    }

    /** Opens a connection for the work, with only pg_catalog on its search path, and closes it. */
    <R> R with(Work<R> work) throws Exception {
        Connection connection = open();
        try {
            return work.on(connection);
        } finally {
            close(connection);
        }
    }

    Connection open() throws SQLException {
        Connection connection = Connections.query(settings.connection(), settings.application());
        register(connection);
        try (var statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog");
        }
        return connection;
    }

    /** Takes a connection that somebody else opened and closes. */
    synchronized void register(Connection connection) throws SQLException {
        open.removeIf(Sessions::isClosed);
        if (closed) {
            connection.abort(Runnable::run);
        }
        checkOpen();
        open.add(connection);
    }

    /** @throws IllegalStateException when the enumerator is closed: whoever waits is to give up */
    synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the source is closed");
        }
    }

    void close(Connection connection) throws SQLException {
        synchronized (this) {
            open.remove(connection);
        }
        connection.close();
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        for (Connection connection : open) {
            connection.abort(Runnable::run);
        }
        open.clear();
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw new IllegalStateException("the driver does not know whether a connection is closed", e);
        }
    }
}
