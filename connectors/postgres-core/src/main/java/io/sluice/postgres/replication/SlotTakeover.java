package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts reading a slot. A former reader that died without a word may still hold it on the server: one with our own
 * application name is ended, for any other there is a while to go (RULES S13).
 */
final class SlotTakeover {
    static final String OBJECT_IN_USE = "55006";

    private static final Logger LOG = LoggerFactory.getLogger(SlotTakeover.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private static final String END_OUR_OWN = """
            SELECT a.pid, pg_catalog.pg_terminate_backend(a.pid)
            FROM pg_catalog.pg_replication_slots s
            JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
            WHERE s.slot_name = ? AND a.application_name = pg_catalog.current_setting('application_name')
            """;

    private static final String HOLDER = """
            SELECT pg_catalog.format('pid %s, application_name "%s", user %s, from %s', a.pid, a.application_name,
                       a.usename, COALESCE(a.client_addr::text, 'a local socket'))
            FROM pg_catalog.pg_replication_slots s
            JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid
            WHERE s.slot_name = ?
            """;

    private SlotTakeover() {}

    /**
     * @param query with the application name of {@code walsender}
     * @param options of the plugin
     * @throws SQLException 55006 when somebody else kept the slot, named; or whatever the server says to the command
     */
    static PGReplicationStream start(
            PGConnection walsender, Connection query, String slot, Lsn from, Map<String, String> options)
            throws SQLException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        long pause = FIRST_PAUSE.toNanos();
        while (true) {
            try {
                return start(walsender, slot, from, options);
            } catch (SQLException e) {
                if (!OBJECT_IN_USE.equals(e.getSQLState())) {
                    throw e;
                }
                if (System.nanoTime() >= giveUp) {
                    throw new SQLException(
                            "slot " + slot + " is read by somebody else (" + holder(query, slot) + ") and was not let"
                                    + " go within " + PATIENCE.toSeconds() + " s; stop that reader, or give this"
                                    + " pipeline a slot of its own",
                            e.getSQLState(),
                            e);
                }
            }
            endOurOwn(query, slot);
            LockSupport.parkNanos(pause);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for slot " + slot);
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
        }
    }

    private static PGReplicationStream start(PGConnection walsender, String slot, Lsn from, Map<String, String> options)
            throws SQLException {
        ChainedLogicalStreamBuilder builder = walsender
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(Names.quote(slot))
                .withStartPosition(LogSequenceNumber.valueOf(from.value()))
                // Reports are the conversation's business; here it bounds how long a message may take.
                .withStatusInterval((int) WalSender.REST_OF_MESSAGE.toMillis(), TimeUnit.MILLISECONDS)
                .withAutomaticFlush(false);
        // The driver puts names and values between quotes as they are; a backslash is a backslash here.
        options.forEach((name, value) -> builder.withSlotOption(name, value.replace("'", "''")));
        PGReplicationStream stream = builder.start();
        ((Connection) walsender).setNetworkTimeout(Runnable::run, (int) WalSender.REST_OF_MESSAGE.toMillis());
        return stream;
    }

    private static void endOurOwn(Connection query, String slot) throws SQLException {
        try (PreparedStatement statement = query.prepareStatement(END_OUR_OWN)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    LOG.info("Ended the former reader of slot {}, pid {}.", slot, row.getInt(1));
                }
            }
        }
    }

    private static String holder(Connection query, String slot) throws SQLException {
        try (PreparedStatement statement = query.prepareStatement(HOLDER)) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "it has just let go";
            }
        }
    }
}
