package io.sluice.job.preflight;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.SlotConfig;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.replication.Plugin;
import io.sluice.postgres.replication.Publications;
import io.sluice.postgres.replication.SlotStatus;
import io.sluice.postgres.replication.Slots;
import io.sluice.postgres.replication.SourceServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what following the source's log needs: the server's settings, the slot, the publication. */
final class LogCheck {
    private static final String READER = "SELECT a.pid, a.application_name"
            + " FROM pg_catalog.pg_replication_slots s JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid"
            + " WHERE s.slot_name = ?";

    private final Connection connection;
    private final PipelineConfig config;

    LogCheck(Connection connection, PipelineConfig config) {
        this.connection = connection;
        this.config = config;
    }

    List<Finding> findings(List<TableSchema> tables) throws SQLException {
        List<String> server = SourceServer.problems(connection);
        if (!server.isEmpty()) {
            return errors(server);
        }
        SlotConfig wanted = config.source().log().slot();
        Optional<SlotStatus> slot = Slots.find(connection, wanted.name());
        List<Finding> findings = new ArrayList<>(slot(wanted, slot));
        if (decodesWithPgOutput(wanted, slot)) {
            findings.addAll(errors(Publications.problems(connection, wanted.publication(), tables)));
        }
        return findings;
    }

    private List<Finding> slot(SlotConfig wanted, Optional<SlotStatus> slot) throws SQLException {
        if (slot.isPresent()) {
            List<Finding> findings =
                    new ArrayList<>(errors(SourceServer.slotProblems(idle(slot.get()), connection.getCatalog())));
            reader(wanted.name()).ifPresent(findings::add);
            return findings;
        }
        if (wanted.creation() == SlotConfig.Creation.AUTO) {
            return errors(SourceServer.creationProblems(connection));
        }
        return List.of(Finding.error(
                where() + "there is no replication slot " + wanted.name()
                        + ", and source.slot-creation forbids to make it",
                "create it with pg_create_logical_replication_slot, or set source.slot-creation: auto"));
    }

    /** Who reads it is a question of its own. */
    private static SlotStatus idle(SlotStatus slot) {
        return new SlotStatus(
                slot.name(),
                slot.plugin(),
                slot.database(),
                false,
                slot.confirmedFlush(),
                slot.restart(),
                slot.walStatus(),
                slot.temporary());
    }

    /**
     * A session of this pipeline may be what a dead run has left: a new run ends it. Another's holds the slot for as
     * long as it likes.
     */
    private Optional<Finding> reader(String slot) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READER)) {
            select.setString(1, slot);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String what = where() + "slot " + slot + " is being read by process " + row.getInt(1)
                        + ", application_name \"" + row.getString(2) + "\"";
                return Optional.of(
                        row.getString(2).equals("sluice " + config.pipeline().name())
                                ? Finding.warning(
                                        what, "this pipeline takes the slot over; see that it does not run elsewhere")
                                : Finding.error(what, "stop that reader, or give this pipeline another slot"));
            }
        }
    }

    private static boolean decodesWithPgOutput(SlotConfig wanted, Optional<SlotStatus> slot) {
        return slot.map(found -> found.plugin().equals(Plugin.PGOUTPUT.pluginName()))
                .orElse(wanted.plugin() != SlotConfig.Plugin.WAL2JSON);
    }

    private List<Finding> errors(List<String> problems) {
        return problems.stream()
                .map(problem -> Finding.error(where() + problem, ""))
                .toList();
    }

    private String where() {
        return "source " + config.source().connection().name() + ": ";
    }
}
