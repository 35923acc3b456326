package io.sluice.postgres.replication;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Between the making of a slot and the snapshot: every transaction that may be in the WAL before the slot's start must
 * have ended, or it would be neither in the stream nor in the snapshot. A transaction that waits for a synchronous
 * standby is in the WAL and invisible, and the latest completed xid does not cover it; an xid of our own does (RULES
 * F8).
 *
 * <p>Call order: publication and slot exist; {@link #note}; ask {@link #passed} until it is true; take the snapshot.
 *
 * @param xid of a transaction of ours that was rolled back, 64 bits
 */
public record StartBarrier(long xid) {

    /** @param connection to the primary, in auto-commit mode; version 13 or newer */
    public static StartBarrier note(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_xact_id()::text")) {
                row.next();
                return new StartBarrier(Long.parseLong(row.getString(1)));
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    /** True when every transaction that began before the barrier has ended and is visible, or rolled back. */
    public boolean passed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text")) {
            row.next();
            return Long.parseLong(row.getString(1)) > xid;
        }
    }

    /** Who holds the barrier, for people: sessions and prepared transactions; no statement's text. */
    public List<String> blockers(Connection connection) throws SQLException {
        return OpenTransactions.describe(connection);
    }
}
