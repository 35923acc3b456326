package io.sluice.postgres.apply.load;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.ledger.Ledger.Load;
import io.sluice.postgres.apply.ledger.Ledger.LoadState;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import io.sluice.postgres.sql.TableSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Ends a table's direct load: its key is built, and the ledger says that the copy is complete (RULES S17). */
public final class KeyBuild {
    private KeyBuild() {}

    /**
     * Ends the load if all chunks are in and nobody has done so; waits for whoever is doing it.
     *
     * @param connection in auto-commit mode before and after, unless it fails: then it is of no more use
     * @return true when the table's copy is complete, or it has none that is loaded directly
     */
    public static boolean finish(Connection connection, Ledger ledger, LoadSessions sessions, TableName source)
            throws SQLException {
        connection.setAutoCommit(false);
        boolean complete = finishInTransaction(connection, ledger, sessions, source);
        connection.commit();
        connection.setAutoCommit(true);
        return complete;
    }

    private static boolean finishInTransaction(
            Connection connection, Ledger ledger, LoadSessions sessions, TableName source) throws SQLException {
        Optional<Entry> locked = ledger.lockEntry(connection, source, Ledger.Strength.FOR_UPDATE);
        if (locked.isEmpty()) {
            return false;
        }
        Entry entry = locked.get();
        if (entry.state() == LoadState.COMPLETE || entry.load() != Load.DIRECT) {
            return true;
        }
        if (!allIn(connection, ledger, entry)) {
            return false;
        }
        List<String> key = ledger.key(connection, source);
        if (!key.isEmpty() && !TargetTables.hasKey(connection, entry.target(), key)) {
            sessions.endAll(connection, entry.target());
            build(connection, entry.target(), key);
        }
        ledger.put(connection, new Entry(source, entry.target(), entry.load(), LoadState.COMPLETE, entry.snapshot()));
        return true;
    }

    /** True when the table's copy waits for nothing but its key. */
    static boolean allIn(Connection connection, Ledger ledger, Entry entry) throws SQLException {
        Snapshot snapshot = entry.snapshot();
        return entry.state() == LoadState.LOADING
                && entry.load() == Load.DIRECT
                && snapshot != null
                && ledger.chunks(connection, entry.source(), snapshot.id()).complete();
    }

    private static void build(Connection connection, TableName target, List<String> key) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_catalog.set_config('maintenance_work_mem', '256MB', true)"
                            + " WHERE pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')) < 268435456");
            statement.execute(TableSql.addPrimaryKey(target, key));
        } catch (SQLException e) {
            throw new SQLException(
                    "cannot build the key (" + Names.list(key) + ") of " + target + " after its copy: " + e.getMessage()
                            + "; it is tried again at the next start",
                    e.getSQLState(),
                    e);
        }
    }
}
