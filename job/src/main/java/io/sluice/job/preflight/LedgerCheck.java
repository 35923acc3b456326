package io.sluice.job.preflight;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.replication.SlotStatus;
import io.sluice.postgres.replication.Slots;
import io.sluice.postgres.replication.SourceServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Compares what the target's ledger remembers of this pipeline with the source as it is: positions of another server
 * or slot mean nothing, and a slot that is ahead has left changes out for ever (RULES F3).
 */
final class LedgerCheck {
    private final Connection source;
    private final Connection target;
    private final PipelineConfig config;

    LedgerCheck(Connection source, Connection target, PipelineConfig config) {
        this.source = source;
        this.target = target;
        this.config = config;
    }

    List<Finding> findings() throws SQLException {
        Ledger ledger =
                new Ledger(config.pipeline().stagingSchema(), config.pipeline().name());
        boolean followsLog = config.source().method() == ReplicationMethod.LOG_BASED
                && config.source().log().startup() != StartupMode.SNAPSHOT_ONLY;
        if (!followsLog || !ledger.exists(target)) {
            return List.of();
        }
        Optional<Ledger.Applied> applied = ledger.applied(target);
        if (applied.isEmpty()) {
            return List.of();
        }
        return problem(applied.get(), facts()).stream()
                .map(what -> Finding.error(
                        "target " + config.target().connection().name() + ": pipeline "
                                + config.pipeline().name() + what,
                        "if the target may be copied anew, empty its tables and delete the pipeline's rows in schema "
                                + config.pipeline().stagingSchema() + "; else give this pipeline another name"))
                .toList();
    }

    /** What the source says of itself now. */
    private record Facts(String systemId, Lsn end, Optional<SlotStatus> slot) {}

    private Facts facts() throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT system_identifier::text FROM pg_catalog.pg_control_system()")) {
            row.next();
            return new Facts(
                    row.getString(1),
                    SourceServer.insertPosition(source),
                    Slots.find(source, config.source().log().slot().name()));
        }
    }

    private Optional<String> problem(Ledger.Applied applied, Facts now) {
        String slotName = config.source().log().slot().name();
        ChangePosition position = applied.position();
        if (!applied.origin().systemId().equals(now.systemId())) {
            return Optional.of(" was fed by another server (system identifier "
                    + applied.origin().systemId() + ", the source has " + now.systemId() + ")");
        }
        if (!applied.origin().slot().equals(slotName)) {
            return Optional.of(" followed slot " + applied.origin().slot() + ", the file says " + slotName);
        }
        if (now.slot().isEmpty()) {
            return Optional.of(
                    " is at " + position + " of slot " + slotName + ", which is gone with the changes that it held");
        }
        SlotStatus slot = now.slot().get();
        if (!applied.origin().plugin().equals(slot.plugin())) {
            return Optional.of(" followed slot " + slotName + " with plugin "
                    + applied.origin().plugin() + ", now it decodes with " + slot.plugin()
                    + ": it was made anew");
        }
        if (slot.confirmedFlush().isAfter(position.lsn())) {
            return Optional.of(" is at " + position + ", but slot " + slotName + " begins at " + slot.confirmedFlush()
                    + ": the changes between are lost");
        }
        if (position.lsn().isAfter(now.end())) {
            return Optional.of(
                    " is at " + position + ", but the source's log ends at " + now.end() + ": the server was set back");
        }
        return Optional.empty();
    }
}
