package io.sluice.postgres.apply.load;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Ends direct loads in a thread of its own, one table at a time, so that neither a writer nor a commit waits while a
 * large key is built (RULES S4).
 *
 * <p>Used by one thread; the failure of a build is thrown there at {@link #check}.
 */
final class KeyBuilder implements AutoCloseable {
    private final ConnectionSettings settings;
    private final LoadSessions sessions;
    private final Ledger ledger;
    private final Object lock = new Object();
    private @Nullable ExecutorService worker;
    private @Nullable Future<?> last;
    private @Nullable Connection building;
    private @Nullable Exception failure;
    private boolean closed;

    KeyBuilder(ConnectionSettings settings, LoadSessions sessions, Ledger ledger) {
        this.settings = settings;
        this.sessions = sessions;
        this.ledger = ledger;
    }

    /** Ends the loads that a failure left with all chunks in. */
    void resume(Connection connection) throws SQLException {
        List<TableName> left = new ArrayList<>();
        for (Entry entry : ledger.entries(connection).values()) {
            if (KeyBuild.allIn(connection, ledger, entry)) {
                left.add(entry.source());
            }
        }
        left.forEach(this::finish);
    }

    /** Ends the table's load if all its chunks are in; returns at once. */
    void finish(TableName source) {
        if (worker == null) {
            worker = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "sluice key builder");
                thread.setDaemon(true);
                return thread;
            });
        }
        last = worker.submit(() -> run(source));
    }

    /** @throws SQLException when a build has failed */
    void check() throws SQLException {
        synchronized (lock) {
            if (failure != null) {
                throw failure instanceof SQLException e
                        ? new SQLException(e.getMessage(), e.getSQLState(), e)
                        : new SQLException(failure);
            }
        }
    }

    /** Waits for all builds that were asked for. */
    void await() throws SQLException, InterruptedException {
        if (last != null) {
            try {
                last.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        check();
    }

    private void run(TableName source) {
        try (Connection connection = Connections.durable(settings, sessions.prefix() + "key")) {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                building = connection;
            }
            KeyBuild.finish(connection, ledger, sessions, source);
        } catch (SQLException | RuntimeException e) {
            synchronized (lock) {
                failure = closed || failure != null ? failure : e;
            }
        } finally {
            synchronized (lock) {
                building = null;
            }
        }
    }

    /** Cancels what is being built: left alone, the server would go on and hold the table. */
    @Override
    public void close() throws SQLException {
        synchronized (lock) {
            closed = true;
            if (building != null) {
                building.unwrap(PGConnection.class).cancelQuery();
                building.abort(Runnable::run);
            }
        }
        if (worker != null) {
            worker.shutdownNow();
        }
    }
}
