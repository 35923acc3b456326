package io.sluice.postgres.apply.write;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.load.LoadSessions;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * The target tables as a writer meets them.
 *
 * <p>Not thread-safe.
 */
final class Contacts {
    private final Connection connection;
    private final Ledger ledger;
    private final TargetTables tables;
    private final LoadSessions sessions;
    private final Set<Met> met = new HashSet<>();

    private record Met(TableName source, String snapshotId) {}

    /** @param connection in auto-commit mode */
    Contacts(Connection connection, Ledger ledger, ApplyOptions options, LoadSessions sessions) {
        this.connection = connection;
        this.ledger = ledger;
        this.tables = new TargetTables(ledger, options);
        this.sessions = sessions;
    }

    TargetTable forStream(TableSchema schema) throws SQLException {
        return tables.contact(connection, schema, null);
    }

    /** Whoever loads an earlier snapshot is ended first: taking back its rows would wait for it. */
    TargetTable forSnapshot(TableSchema schema, Snapshot snapshot) throws SQLException {
        if (met.add(new Met(schema.name(), snapshot.id()))) {
            Entry entry = ledger.entries(connection).get(schema.name());
            Snapshot recorded = entry == null ? null : entry.snapshot();
            if (entry != null && recorded != null && snapshot.boundary().isAfter(recorded.boundary())) {
                sessions.endOthers(connection, entry, snapshot);
            }
        }
        return tables.contact(connection, schema, snapshot);
    }
}
