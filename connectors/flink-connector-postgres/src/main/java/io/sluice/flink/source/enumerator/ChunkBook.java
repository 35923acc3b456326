package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.event.ChunkAnswer;
import io.sluice.flink.source.event.ReaderReport;
import io.sluice.flink.source.split.ChunkId;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which chunks wait, are read, and are safe (RULES S5). A chunk is done when a checkpoint has completed that was begun
 * after a reader had reported it as finished: then both this book and the rows are in it. The enumerator outlives a
 * failed task and its checkpoint is older than the readers', so what a reader reported before it registered again does
 * not count.
 *
 * <p>Not thread-safe.
 */
final class ChunkBook {
    private final Map<TableName, Entry> tables = new LinkedHashMap<>();
    private final Deque<ChunkSplit> pending = new ArrayDeque<>();
    private final Map<ChunkId, Integer> reported = new HashMap<>();
    private final TreeMap<Long, Set<ChunkId>> begun = new TreeMap<>();
    private int chunks;
    private int done;

    private static final class Entry {
        private final TableSchema schema;
        private TableProgress progress;

        private Entry(TableSchema schema, TableProgress progress) {
            this.schema = schema;
            this.progress = progress;
        }

        private @Nullable Snapshot snapshot() {
            return progress instanceof TableProgress.Copying copying
                    ? copying.snapshot()
                    : progress instanceof TableProgress.Copied copied ? copied.snapshot() : null;
        }
    }

    ChunkBook(Collection<TableState> states) {
        for (TableState state : states) {
            tables.put(state.schema().name(), new Entry(state.schema(), state.progress()));
        }
    }

    /**
     * As a checkpoint left it: what it holds as finished is done, and what is not complete waits for another snapshot.
     */
    static ChunkBook restored(Collection<TableState> states) {
        return new ChunkBook(states.stream()
                .map(state -> new TableState(state.schema(), afterRestore(state.progress())))
                .toList());
    }

    private static TableProgress afterRestore(TableProgress progress) {
        if (progress instanceof TableProgress.Copying copying) {
            return copying.complete() ? new TableProgress.Copied(copying.snapshot()) : new TableProgress.Waiting();
        }
        return progress;
    }

    /** Tables that need a snapshot. */
    List<TableSchema> waiting() {
        return tables.values().stream()
                .filter(entry -> entry.progress instanceof TableProgress.Waiting)
                .map(entry -> entry.schema)
                .toList();
    }

    List<TableSchema> schemas() {
        return tables.values().stream().map(entry -> entry.schema).toList();
    }

    /** Takes the chunks of tables that waited, in the order in which they are to be read. */
    void plan(List<ChunkSplit> planned) {
        for (ChunkSplit chunk : planned) {
            tables.put(
                    chunk.schema().name(),
                    new Entry(
                            chunk.schema(),
                            new TableProgress.Copying(
                                    chunk.chunk().snapshot(), chunk.chunk().count(), Set.of())));
        }
        pending.addAll(planned);
        chunks += planned.size();
    }

    @Nullable
    ChunkSplit next() {
        return pending.poll();
    }

    /** A reader was lost before a checkpoint held the chunk. */
    void back(ChunkSplit chunk) {
        if (isOpen(chunk.id())) {
            pending.addFirst(chunk);
        }
    }

    /** What a restored reader is to do with the chunks in its state. */
    ChunkAnswer held(int subtask, List<ReaderReport.Chunk> held) {
        List<ChunkId> forget = new ArrayList<>();
        List<ChunkId> goOn = new ArrayList<>();
        for (ReaderReport.Chunk chunk : held) {
            if (!isOpen(chunk.id())) {
                forget.add(chunk.id());
            } else if (chunk.finished()) {
                reported.put(chunk.id(), subtask);
            } else {
                goOn.add(chunk.id());
            }
        }
        return new ChunkAnswer(forget, goOn);
    }

    /** False when the chunk is done already, or its snapshot is gone: the reader is to forget it. */
    boolean finished(int subtask, ChunkId chunk) {
        boolean open = isOpen(chunk);
        if (open) {
            reported.put(chunk, subtask);
        }
        return open;
    }

    /** The reader registers again: what it had reported and no completed checkpoint holds may be read again. */
    void forget(int subtask) {
        reported.values().removeIf(reporter -> reporter == subtask);
    }

    /** What checkpoint {@code id} is to hold. */
    List<TableState> begin(long id) {
        begun.put(id, Set.copyOf(reported.keySet()));
        List<TableState> states = new ArrayList<>();
        for (Entry entry : tables.values()) {
            states.add(new TableState(entry.schema, withReported(entry.progress, reported.keySet(), entry.schema)));
        }
        return states;
    }

    void abort(long id) {
        begun.remove(id);
    }

    /** The chunks that are safe now, by the reader that holds them. */
    Map<Integer, List<ChunkId>> complete(long id) {
        Set<ChunkId> safe = begun.getOrDefault(id, Set.of());
        begun.headMap(id, true).clear();
        Map<Integer, List<ChunkId>> holders = new HashMap<>();
        for (ChunkId chunk : safe) {
            Integer subtask = reported.remove(chunk);
            if (subtask != null) {
                holders.computeIfAbsent(subtask, s -> new ArrayList<>()).add(chunk);
            }
        }
        for (Entry entry : tables.values()) {
            TableProgress before = entry.progress;
            TableProgress after = withReported(before, safe, entry.schema);
            if (before instanceof TableProgress.Copying old && after instanceof TableProgress.Copying copying) {
                done += copying.done().size() - old.done().size();
                entry.progress = copying.complete() ? new TableProgress.Copied(copying.snapshot()) : copying;
            }
        }
        return holders;
    }

    /** True when nothing is left to copy, and a completed checkpoint says so. */
    boolean allDone() {
        return tables.values().stream()
                .noneMatch(entry -> entry.progress instanceof TableProgress.Waiting
                        || entry.progress instanceof TableProgress.Copying);
    }

    Map<TableName, Snapshot> copied() {
        Map<TableName, Snapshot> copied = new HashMap<>();
        for (Entry entry : tables.values()) {
            if (entry.progress instanceof TableProgress.Copied table) {
                copied.put(entry.schema.name(), table.snapshot());
            }
        }
        return copied;
    }

    int pending() {
        return pending.size();
    }

    int chunks() {
        return chunks;
    }

    int done() {
        return done;
    }

    /** Finished, and waiting for a checkpoint to complete. */
    int reported() {
        return reported.size();
    }

    /** True when the chunk's snapshot is that of its table now and the chunk is not done. */
    private boolean isOpen(ChunkId chunk) {
        Entry entry = tables.get(chunk.table());
        return entry != null
                && entry.progress instanceof TableProgress.Copying copying
                && copying.snapshot().id().equals(chunk.snapshot())
                && !copying.done().contains(chunk.index());
    }

    private static TableProgress withReported(TableProgress progress, Set<ChunkId> finished, TableSchema schema) {
        if (!(progress instanceof TableProgress.Copying copying)) {
            return progress;
        }
        Set<Integer> done = new HashSet<>(copying.done());
        for (ChunkId chunk : finished) {
            if (chunk.table().equals(schema.name())
                    && chunk.snapshot().equals(copying.snapshot().id())) {
                done.add(chunk.index());
            }
        }
        return new TableProgress.Copying(copying.snapshot(), copying.chunks(), done);
    }
}
