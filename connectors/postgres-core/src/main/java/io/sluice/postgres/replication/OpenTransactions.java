package io.sluice.postgres.replication;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Transactions of the whole cluster that have written and not ended: what slots and barriers wait for. */
final class OpenTransactions {
    private static final String OPEN = """
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

    private OpenTransactions() {}

    /** For people: sessions and prepared transactions; no statement's text. */
    static List<String> describe(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OPEN)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return List.copyOf(found);
    }
}
