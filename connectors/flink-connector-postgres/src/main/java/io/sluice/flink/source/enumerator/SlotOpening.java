package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.option.LogSettings;
import io.sluice.flink.source.option.Resume;
import io.sluice.flink.source.option.SlotCreation;
import io.sluice.flink.source.option.SlotRequest;
import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.option.StartupMode;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.replication.Plugin;
import io.sluice.postgres.replication.Publications;
import io.sluice.postgres.replication.SlotSession;
import io.sluice.postgres.replication.SlotStatus;
import io.sluice.postgres.replication.Slots;
import io.sluice.postgres.replication.SourceServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publication, then slot, then where to begin (RULES S8): on a fresh start only. */
final class SlotOpening {
    private static final Logger LOG = LoggerFactory.getLogger(SlotOpening.class);
    private static final int BINARY_SINCE = 140_000;

    private final SourceSettings settings;
    private final LogSettings log;
    private final Sessions sessions;

    SlotOpening(SourceSettings settings, LogSettings log, Sessions sessions) {
        this.settings = settings;
        this.log = log;
        this.sessions = sessions;
    }

    /** @param resume what the target knows; its position is where the stream begins */
    StreamStart open(Connection connection, List<TableSchema> tables, @Nullable Resume resume) throws Exception {
        SlotRequest request = log.slot();
        Optional<SlotStatus> existing = Slots.find(connection, request.slot());
        ChangePosition known = resume == null ? null : resume.position();
        Plugin plugin =
                existing.isPresent() ? check(connection, existing.get(), known) : checkMissing(connection, known);
        List<String> publications =
                plugin == Plugin.PGOUTPUT ? publish(connection, tables, existing.isPresent(), known) : List.of();
        if (existing.isEmpty()) {
            Slots.create(settings.connection(), settings.application(), request.slot(), plugin, blockers -> {
                sessions.checkOpen();
                LOG.warn(
                        "Slot {} waits for transactions that write: {}. End them, or wait.",
                        request.slot(),
                        String.join("; ", blockers));
            });
            LOG.info("Created slot {} with plugin {}.", request.slot(), plugin.pluginName());
        }
        SlotSession session = new SlotSession(
                request.slot(), plugin, publications, format(connection, plugin, tables), log.walSenderTimeout());
        Origin origin = SourceServer.identify(settings.connection(), settings.application(), session);
        if (known != null) {
            check(origin, Objects.requireNonNull(resume).origin(), known);
        }
        Lsn confirmed = Slots.find(connection, request.slot())
                .orElseThrow(() -> new FlinkRuntimeException("slot " + request.slot() + " was dropped just now"))
                .confirmedFlush();
        ChangePosition position = known == null ? ChangePosition.atEnd(confirmed) : known;
        return new StreamStart(session, origin, position, settings.stop().atEndLsn() ? endMark(connection) : null);
    }

    private Plugin check(Connection connection, SlotStatus slot, @Nullable ChangePosition known) throws SQLException {
        // An earlier run of this pipeline may hold it for a moment: who opens the stream deals with that.
        SlotStatus idle = new SlotStatus(
                slot.name(),
                slot.plugin(),
                slot.database(),
                false,
                slot.confirmedFlush(),
                slot.restart(),
                slot.walStatus(),
                slot.temporary());
        refuse(SourceServer.slotProblems(idle, connection.getCatalog()));
        Plugin plugin = Plugin.named(slot.plugin()).orElseThrow();
        if (log.slot().plugin() != null && log.slot().plugin() != plugin) {
            throw new FlinkRuntimeException("slot " + slot.name() + " has plugin " + slot.plugin() + ", not "
                    + log.slot().plugin().pluginName() + "; leave the plugin out, or name another slot");
        }
        if (known != null && known.lsn().isBefore(slot.confirmedFlush())) {
            throw new FlinkRuntimeException("slot " + slot.name() + " has been confirmed up to " + slot.confirmedFlush()
                    + " but the target has changes up to " + known + " only: what lies between is gone."
                    + " Drop the slot and the pipeline's entry in the target's ledger to copy everything again");
        }
        return plugin;
    }

    private Plugin checkMissing(Connection connection, @Nullable ChangePosition known) throws SQLException {
        SlotRequest request = log.slot();
        if (known != null) {
            throw new FlinkRuntimeException(
                    "slot " + request.slot() + " is gone, and with it the changes after " + known
                            + ", up to which the target is. Remove the pipeline's entry in the target's ledger to copy"
                            + " everything again");
        }
        if (request.creation() == SlotCreation.NEVER) {
            throw new FlinkRuntimeException("there is no slot " + request.slot() + " and slot-creation is never;"
                    + " create it, or set slot-creation: auto");
        }
        refuse(SourceServer.creationProblems(connection));
        return request.plugin() == null ? Plugin.PGOUTPUT : request.plugin();
    }

    private List<String> publish(
            Connection connection, List<TableSchema> tables, boolean slotExisted, @Nullable ChangePosition known)
            throws SQLException {
        String name = log.slot().publication();
        boolean lacking = tables.stream().anyMatch(TableSchema::keyed) && !published(connection, name)
                || tables.stream().anyMatch(table -> !table.keyed()) && !published(connection, name + "_insert");
        if (slotExisted && lacking && (known != null || log.startup() != StartupMode.INITIAL)) {
            // What the slot holds cannot be decoded with a publication that is younger, nor may it be skipped.
            throw new FlinkRuntimeException("slot " + log.slot().slot() + " is older than publication " + name
                    + ", which does not exist yet: the slot's changes cannot be read with it."
                    + " Drop the slot, or start with startup-mode: initial and an empty target");
        }
        List<String> names = Publications.ensure(connection, name, tables);
        if (slotExisted && lacking) {
            Lsn now = flush(connection);
            try (PreparedStatement advance = connection.prepareStatement(
                    "SELECT pg_catalog.pg_replication_slot_advance(?, ?::pg_catalog.pg_lsn)")) {
                advance.setString(1, log.slot().slot());
                advance.setString(2, now.toString());
                advance.execute();
            }
            LOG.info(
                    "Advanced slot {} to {}, past its new publication.",
                    log.slot().slot(),
                    now);
        }
        return names;
    }

    static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new FlinkRuntimeException(String.join("; ", problems));
        }
    }

    private static ValueFormat format(Connection connection, Plugin plugin, List<TableSchema> tables)
            throws SQLException {
        return plugin == Plugin.PGOUTPUT
                        && SourceServer.version(connection) >= BINARY_SINCE
                        && tables.stream().allMatch(TableSchema::binarySafe)
                ? ValueFormat.BINARY
                : ValueFormat.TEXT;
    }

    private static void check(Origin now, @Nullable Origin known, ChangePosition position) {
        if (!now.equals(known)) {
            throw new FlinkRuntimeException("the target has changes up to " + position + " of " + known
                    + ", this source is " + now + ": positions of two servers or slots do not compare."
                    + " Connect to the server of before, or remove the pipeline's entry in the target's ledger to"
                    + " copy everything again");
        }
    }

    /** The position now; something is written after it, so that an idle server passes it, too. */
    private static Lsn endMark(Connection connection) throws SQLException {
        Lsn end = SourceServer.insertPosition(connection);
        flush(connection);
        return end;
    }

    /** Up to where everything written so far is flushed. */
    private static Lsn flush(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = local");
            statement.execute("SELECT pg_catalog.pg_logical_emit_message(true, 'sluice', 'flush')");
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_flush_lsn()::text")) {
                row.next();
                return Lsn.parse(row.getString(1));
            }
        }
    }

    private static boolean published(Connection connection, String publication) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_publication WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
