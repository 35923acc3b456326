package io.sluice.job.wiring;

import io.sluice.flink.source.option.Resume;
import io.sluice.flink.source.option.ResumePoint;
import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asks the target how far it is, so that a pipeline whose Flink state is lost goes on where the ledger stands (RULES
 * F3). Reads only.
 *
 * @param target connected to when asked
 */
record LedgerResumePoint(ConnectionSettings target, String pipeline, String stagingSchema) implements ResumePoint {
    private static final long serialVersionUID = 1;

    @Override
    public Optional<Resume> read() throws SQLException {
        Ledger ledger = new Ledger(stagingSchema, pipeline);
        try (Connection connection = Connections.query(target, "sluice " + pipeline)) {
            if (!ledger.exists(connection)) {
                return Optional.empty();
            }
            Map<TableName, Snapshot> copied = new TreeMap<>();
            for (Ledger.Entry entry : ledger.entries(connection).values()) {
                if (entry.state() == Ledger.LoadState.COMPLETE && entry.snapshot() != null) {
                    copied.put(entry.source(), entry.snapshot());
                }
            }
            Optional<Ledger.Applied> applied = ledger.applied(connection);
            return Optional.of(new Resume(
                    applied.map(Ledger.Applied::position).orElse(null),
                    applied.map(Ledger.Applied::origin).orElse(null),
                    copied));
        }
    }
}
