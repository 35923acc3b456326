package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logical replication slots of the server. */
public final class Slots {
    private static final Duration FIRST_NEWS = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
    private static final Duration CANCEL_AGAIN = Duration.ofMillis(100);
    private static final Duration NEWS = Duration.ofSeconds(10);
    private static final int WAL_STATUS_SINCE = 130000;
    private static final int TEMPORARY_SINCE = 100000;
    private static final int FAILOVER_SINCE = 170000;

    private Slots() {}

    /** @return empty when there is no logical slot of that name */
    public static Optional<SlotStatus> find(Connection connection, String name) throws SQLException {
        int version = SourceServer.version(connection);
        String sql = "SELECT s.plugin, s.database, s.active, s.confirmed_flush_lsn::text, s.restart_lsn::text, "
                + (version >= WAL_STATUS_SINCE ? "s.wal_status" : "'reserved'") + ", "
                + (version >= TEMPORARY_SINCE ? "s.temporary" : "false")
                + " FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ? AND s.slot_type = 'logical'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String confirmed = row.getString(4);
                String restart = row.getString(5);
                String walStatus = row.getString(6);
                return Optional.of(new SlotStatus(
                        name,
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        confirmed == null ? Lsn.ZERO : Lsn.parse(confirmed),
                        restart == null ? null : Lsn.parse(restart),
                        // A slot whose creation has not ended has no status yet.
                        walStatus == null ? "reserved" : walStatus,
                        row.getBoolean(7)));
            }
        }
    }

    /**
     * Creates a slot, on 17 and newer one that follows a failover. The server lets it begin only when every transaction
     * that has written by now has ended, in whatever database; so this may take as long as the longest of them.
     *
     * @param waiting is told who is waited for, after a second and about every ten seconds then
     * @throws InterruptedException when the thread was interrupted; the slot is not created then
     */
    public static void create(
            ConnectionSettings settings, String application, String name, Plugin plugin, Consumer<List<String>> waiting)
            throws SQLException, InterruptedException {
        try (Connection creating = Connections.query(settings, application);
                PreparedStatement statement = creating.prepareStatement(creation(creating))) {
            statement.setString(1, name);
            statement.setString(2, plugin.pluginName());
            FutureTask<Boolean> creation = new FutureTask<>(statement::execute);
            Thread thread = new Thread(creation, "sluice creates slot " + name);
            thread.setDaemon(true);
            thread.start();
            try {
                await(creation, settings, application, waiting);
            } catch (SQLException | InterruptedException | RuntimeException e) {
                breakOff(statement, creation, name);
                throw e;
            }
        }
    }

    /** @throws SQLException 55006 while somebody reads it, 42704 when there is none of that name */
    public static void drop(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.pg_drop_replication_slot(?)")) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    /** The server must have let go before the connection is closed: it would go on waiting, and make the slot after all. */
    private static void breakOff(PreparedStatement statement, FutureTask<Boolean> creation, String name)
            throws SQLException {
        boolean interrupted = false;
        while (true) {
            try {
                statement.cancel();
                creation.get(CANCEL_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
                drop(statement.getConnection(), name);
                break;
            } catch (TimeoutException e) {
                LOG.debug("Slot {} is still being created, cancelling again.", name);
            } catch (ExecutionException e) {
                LOG.debug(
                        "Broke off the creation of slot {}: {}",
                        name,
                        e.getCause().getMessage());
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String creation(Connection connection) throws SQLException {
        String failover = SourceServer.version(connection) >= FAILOVER_SINCE ? ", failover => true" : "";
        return "SELECT pg_catalog.pg_create_logical_replication_slot(?, ?" + failover + ")";
    }

    private static void await(
            FutureTask<Boolean> creation,
            ConnectionSettings settings,
            String application,
            Consumer<List<String>> waiting)
            throws SQLException, InterruptedException {
        Duration news = FIRST_NEWS;
        while (true) {
            try {
                creation.get(news.toNanos(), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                news = NEWS;
                try (Connection looking = Connections.query(settings, application)) {
                    waiting.accept(OpenTransactions.describe(looking));
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SQLException cause) {
                    throw cause;
                }
                throw new IllegalStateException("cannot create the slot", e.getCause());
            }
        }
    }
}
