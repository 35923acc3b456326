package io.sluice.postgres.replication;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a stored position to a running conversation with a walsender. */
final class SessionStart {
    private static final int TIMEOUT_SINCE = 120000;
    private static final int BINARY_SINCE = 140000;

    private static final String UNKNOWN_OPTION = "22023";

    private static final Logger LOG = LoggerFactory.getLogger(SessionStart.class);

    private final ConnectionSettings settings;
    private final String application;
    private final SlotSession session;
    private final ChangeReader.Start start;

    SessionStart(ConnectionSettings settings, String application, SlotSession session, ChangeReader.Start start) {
        this.settings = settings;
        this.application = application;
        this.session = session;
        this.start = start;
    }

    /** A conversation that is still to be started, and what its messages are about. */
    record Opened(WalSender walsender, CapturedTables tables) {}

    /** @param patience see {@link Lifeline} */
    Opened open(Duration patience) throws SQLException, InterruptedException {
        try (Connection query = Connections.query(settings, application)) {
            PGConnection walsender = Connections.replication(settings, application, sessionSettings(query));
            try {
                return open(walsender, query, patience);
            } catch (SQLException | InterruptedException | RuntimeException e) {
                try {
                    ((Connection) walsender).close();
                } catch (SQLException second) {
                    e.addSuppressed(second);
                }
                throw e;
            }
        }
    }

    private Opened open(PGConnection walsender, Connection query, Duration patience)
            throws SQLException, InterruptedException {
        Connection connection = (Connection) walsender;
        ChangePosition position = start.position();
        Continuity.Found found = new Continuity.Found(
                SourceServer.identify(connection, session),
                Slots.find(query, session.slot()),
                query.getCatalog(),
                SourceServer.insertPosition(query));
        refuse(Continuity.problems(start.origin(), position, found));
        if (session.format() == ValueFormat.BINARY && SourceServer.version(query) < BINARY_SINCE) {
            refuse(List.of("values come in binary from version 14 on: read slot " + session.slot() + " as text"));
        }
        PGReplicationStream stream = stream(walsender, query);
        // Until now somebody else could still confirm: the server would begin there and not say so.
        SlotStatus held = Slots.find(query, session.slot())
                .orElseThrow(() -> new SQLException("slot " + session.slot() + " vanished while it is read"));
        refuse(Continuity.gap(held, position).map(List::of).orElse(List.of()));
        Lifeline lifeline = new Lifeline(settings, application, session.slot(), walsender.getBackendPID(), patience);
        WalSender conversation = new WalSender(connection, stream, session, held.confirmedFlush(), lifeline);
        return new Opened(
                conversation,
                session.plugin() == Plugin.WAL2JSON
                        ? CapturedTables.read(query, start.tables())
                        : CapturedTables.of(start.tables()));
    }

    private PGReplicationStream stream(PGConnection walsender, Connection query)
            throws SQLException, InterruptedException {
        if (session.plugin() == Plugin.PGOUTPUT) {
            return stream(walsender, query, PluginOptions.pgoutput(session));
        }
        try {
            return stream(walsender, query, PluginOptions.wal2json(start.tables(), true));
        } catch (SQLException e) {
            if (!UNKNOWN_OPTION.equals(e.getSQLState())) {
                throw e;
            }
            LOG.warn(
                    "wal2json on {} is older than 2.6: NaN and infinities of numeric and float columns come as NULL.",
                    settings.endpoint());
            return stream(walsender, query, PluginOptions.wal2json(start.tables(), false));
        }
    }

    private PGReplicationStream stream(PGConnection walsender, Connection query, Map<String, String> options)
            throws SQLException, InterruptedException {
        return SlotTakeover.start(
                walsender, query, session.slot(), start.position().lsn(), options);
    }

    private Map<String, String> sessionSettings(Connection query) throws SQLException {
        return SourceServer.version(query) >= TIMEOUT_SINCE
                ? Map.of("wal_sender_timeout", session.walSenderTimeout().toMillis() + "ms")
                : Map.of();
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new UnreadableSourceException(problems);
        }
    }
}
