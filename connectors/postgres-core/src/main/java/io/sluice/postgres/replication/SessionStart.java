package io.sluice.postgres.replication;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Origin;
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

/** From a stored position to a running conversation with a walsender. */
final class SessionStart {
    private static final int TIMEOUT_SINCE = 120000;
    private static final int BINARY_SINCE = 140000;

    private final ConnectionSettings settings;
    private final String application;
    private final SlotSession session;
    private final ChangePosition position;
    private final Origin origin;

    SessionStart(ConnectionSettings settings, String application, SlotSession session, ChangeReader.Start start) {
        this.settings = settings;
        this.application = application;
        this.session = session;
        this.position = start.position();
        this.origin = start.origin();
    }

    /** @param patience see {@link Lifeline} */
    WalSender open(Duration patience) throws SQLException, InterruptedException {
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

    private WalSender open(PGConnection walsender, Connection query, Duration patience)
            throws SQLException, InterruptedException {
        Connection connection = (Connection) walsender;
        Continuity.Found found = new Continuity.Found(
                SourceServer.identify(connection, session),
                Slots.find(query, session.slot()),
                query.getCatalog(),
                SourceServer.insertPosition(query));
        refuse(Continuity.problems(origin, position, found));
        if (session.format() == ValueFormat.BINARY && SourceServer.version(query) < BINARY_SINCE) {
            refuse(List.of("values come in binary from version 14 on: read slot " + session.slot() + " as text"));
        }
        PGReplicationStream stream =
                SlotTakeover.start(walsender, query, session.slot(), position.lsn(), PluginOptions.pgoutput(session));
        // Until now somebody else could still confirm: the server would begin there and not say so.
        SlotStatus held = Slots.find(query, session.slot())
                .orElseThrow(() -> new SQLException("slot " + session.slot() + " vanished while it is read"));
        refuse(Continuity.gap(held, position).map(List::of).orElse(List.of()));
        Lifeline lifeline = new Lifeline(settings, application, session.slot(), walsender.getBackendPID(), patience);
        return new WalSender(connection, stream, session, held.confirmedFlush(), lifeline);
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
