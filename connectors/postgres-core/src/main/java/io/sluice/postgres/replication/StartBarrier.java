package io.sluice.postgres.replication;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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

    /** Who holds the barrier, for people: sessions and prepared transactions, oldest first; no statement's text. */
    public List<String> blockers(Connection connection) throws SQLException {
        String sql = """
                SELECT pg_catalog.format('pid %s of %s in database %s (%s), in transaction since %s%s', a.pid, a.usename,
                           a.datname, a.application_name, pg_catalog.date_trunc('second', a.xact_start),
                           CASE WHEN a.wait_event = 'SyncRep' THEN ', waits for a synchronous standby' ELSE '' END)
                FROM pg_catalog.pg_stat_activity a
                WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
                UNION ALL
                SELECT pg_catalog.format('prepared transaction %L of %s in database %s, since %s', p.gid, p.owner,
                           p.database, pg_catalog.date_trunc('second', p.prepared))
                FROM pg_catalog.pg_prepared_xacts p
                """;
        List<String> blockers = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                blockers.add(row.getString(1));
            }
        }
        return List.copyOf(blockers);
    }
}
