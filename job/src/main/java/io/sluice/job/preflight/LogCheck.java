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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what following the source's log needs: the server's settings, the slot, the publication. */
final class LogCheck {
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
            return errors(SourceServer.slotProblems(slot.get(), connection.getCatalog()));
        }
        return wanted.creation() == SlotConfig.Creation.AUTO
                ? List.of()
                : List.of(Finding.error(
                        where() + "there is no replication slot " + wanted.name()
                                + ", and source.slot-creation forbids to make it",
                        "create it with pg_create_logical_replication_slot, or set source.slot-creation: auto"));
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
