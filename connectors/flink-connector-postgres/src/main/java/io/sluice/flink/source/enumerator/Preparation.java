package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.option.Resume;
import io.sluice.flink.source.option.ResumePoint;
import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.option.StartupMode;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.replication.SourceServer;
import io.sluice.postgres.snapshot.CtidRange;
import io.sluice.postgres.snapshot.SnapshotHolder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the enumerator asks of the servers before rows flow; blocks, so it runs in Flink's worker thread. */
final class Preparation {
    private final SourceSettings settings;
    private final ResumePoint resumePoint;
    private final Sessions sessions;

    /**
     * A snapshot and its chunks, largest table first.
     *
     * @param bytes of each table, for people
     */
    record Taken(SnapshotHolder holder, List<ChunkSplit> chunks, Map<TableName, Long> bytes) {}

    Preparation(SourceSettings settings, ResumePoint resumePoint, Sessions sessions) {
        this.settings = settings;
        this.resumePoint = resumePoint;
        this.sessions = sessions;
    }

    /** A start without state. */
    EnumeratorState.Started fresh() throws Exception {
        if (!settings.streams()) {
            List<TableSchema> tables = sessions.with(this::tables);
            return new EnumeratorState.Started(null, states(tables, Map.of(), true), false, false);
        }
        Resume resume = resumePoint.read().orElse(null);
        return sessions.with(connection -> {
            SlotOpening.refuse(SourceServer.problems(connection));
            List<TableSchema> tables = tables(connection);
            StreamStart start = new SlotOpening(settings, settings.log(), sessions).open(connection, tables, resume);
            // Without a position nobody can tell which changes came after the copies: they are made again.
            Map<TableName, Snapshot> copied = resume == null || resume.position() == null ? Map.of() : resume.copied();
            boolean copyRest = settings.log().startup() == StartupMode.INITIAL;
            return new EnumeratorState.Started(start, states(tables, copied, copyRest), false, false);
        });
    }

    /** Tables that a restore found incomplete, as they are now. */
    List<TableSchema> again(List<TableSchema> tables) throws Exception {
        List<TableName> names = tables.stream().map(TableSchema::name).toList();
        return sessions.with(connection -> new CapturedTables(settings).read(connection, names));
    }

    /** After publication and slot, before the snapshot (RULES F8). */
    BarrierWait noteBarrier() throws Exception {
        return new BarrierWait(sessions.open());
    }

    Taken takeSnapshot(List<TableSchema> tables) throws Exception {
        SnapshotHolder holder = SnapshotHolder.open(
                settings.connection(), settings.application() + " snapshot", tables, sessions::register);
        Map<TableName, Long> bytes = new HashMap<>();
        tables.forEach(table -> bytes.put(table.name(), holder.bytes(table.name())));
        List<TableSchema> largestFirst = tables.stream()
                .sorted(Comparator.comparing((TableSchema table) -> holder.bytes(table.name()))
                        .reversed())
                .toList();
        List<ChunkSplit> chunks = new ArrayList<>();
        for (TableSchema table : largestFirst) {
            List<CtidRange> ranges = CtidRange.plan(
                    holder.bytes(table.name()), settings.reading().chunkBytes());
            for (int i = 0; i < ranges.size(); i++) {
                SnapshotChunk chunk = new SnapshotChunk(holder.snapshot(), i, ranges.size());
                chunks.add(new ChunkSplit(table, ranges.get(i), chunk, holder.exported(), 0, false));
            }
        }
        return new Taken(holder, List.copyOf(chunks), bytes);
    }

    private List<TableSchema> tables(java.sql.Connection connection) throws Exception {
        return new CapturedTables(settings).find(connection);
    }

    private static List<TableState> states(
            List<TableSchema> tables, Map<TableName, Snapshot> copied, boolean copyRest) {
        List<TableState> states = new ArrayList<>();
        for (TableSchema table : tables) {
            Snapshot snapshot = copied.get(table.name());
            TableProgress progress = snapshot != null
                    ? new TableProgress.Copied(snapshot)
                    : copyRest ? new TableProgress.Waiting() : new TableProgress.NotCopied();
            states.add(new TableState(table, progress));
        }
        return List.copyOf(states);
    }
}
