package io.sluice.postgres.apply.load;

import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Names the sessions that load a pipeline's snapshots, so that those of an earlier snapshot can be ended: a COPY of a
 * process that hangs would hold the table for ever, and its rows may never be committed anyway (RULES S17).
 */
public final class LoadSessions {
    private final String prefix;

    /** @param pipeline as in the ledger of {@code stagingSchema} */
    public LoadSessions(String stagingSchema, String pipeline) {
        // Short and in ASCII: the server cuts names at 63 bytes and replaces other characters.
        this.prefix = String.format("sluice load %08x%08x ", stagingSchema.hashCode(), pipeline.hashCode());
    }

    String prefix() {
        return prefix;
    }

    String name(Snapshot snapshot) {
        return prefix + String.format("%08x", snapshot.id().hashCode());
    }

    /**
     * Ends the sessions of this pipeline and role that load another snapshot than {@code snapshot} into the entry's
     * target. Only for a snapshot that is later than the entry's.
     */
    public void endOthers(Connection connection, Entry entry, Snapshot snapshot) throws SQLException {
        end(connection, entry.target(), name(snapshot));
    }

    /** Ends all of them; only when all chunks are in. */
    void endAll(Connection connection, TableName target) throws SQLException {
        end(connection, target, "");
    }

    private void end(Connection connection, TableName target, String except) throws SQLException {
        String sql = "SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a"
                + " WHERE a.datname = pg_catalog.current_database() AND a.usename = current_user"
                + " AND a.pid <> pg_catalog.pg_backend_pid()"
                + " AND pg_catalog.strpos(a.application_name, ?) = 1 AND a.application_name <> ?"
                + " AND EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = a.pid AND l.locktype = 'relation'"
                + " AND l.relation = pg_catalog.to_regclass(?)::pg_catalog.oid)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, prefix);
            select.setString(2, except);
            select.setString(3, Names.quote(target));
            select.executeQuery().close();
        }
    }
}
