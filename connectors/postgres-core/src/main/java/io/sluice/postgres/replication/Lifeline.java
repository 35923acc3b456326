package io.sluice.postgres.replication;

import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Looks over another connection whether the server still serves us. A reader that hears nothing cannot tell an idle
 * server from one that is gone: the driver keeps the answers to itself when they bring no new position, and a lost host
 * sends no end of connection.
 *
 * @param pid of the walsender
 * @param patience how long nothing has to be heard
 */
record Lifeline(ConnectionSettings settings, String application, String slot, int pid, Duration patience) {
    private static final String HELD =
            "SELECT s.active_pid = ? FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?";

    /** @throws SQLException when it does not, or cannot be asked */
    void check() throws SQLException {
        try (Connection connection = Connections.query(settings, application);
                PreparedStatement statement = connection.prepareStatement(HELD)) {
            statement.setInt(1, pid);
            statement.setString(2, slot);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    throw new SQLException(
                            "slot " + slot + " is no longer read by our walsender, pid " + pid
                                    + ": the server has given it up",
                            "08006");
                }
            }
        }
    }
}
