package io.sluice.flink.source.reader;

import io.sluice.flink.source.event.ChunkAnswer;
import io.sluice.flink.source.event.ReaderReport;
import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.row.PostgresDeserializer;
import io.sluice.flink.source.split.ChunkId;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.flink.source.split.PostgresSplit;
import io.sluice.flink.source.split.StreamSplit;
import io.sluice.postgres.change.Lsn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.SourceReaderOptions;

/**
 * Reads what the enumerator hands out, one split at a time.
 *
 * <p>Chunks that a restore brings are held back until the enumerator has said whether their snapshot is still open, and
 * chunks that are finished stay in the state until it has said that they are safe (RULES S5). A restored stream goes on
 * at once.
 */
@SuppressWarnings("try") // Flink's close() may throw InterruptedException, and so may this one
public final class PostgresReader<T>
        extends SingleThreadMultiplexSourceReaderBase<Fetched, T, PostgresSplit, SplitProgress> {
    private static final int QUEUE = 2;

    private final SourceSettings settings;
    private final CurrentReading current;
    private final StreamMetrics metrics;
    private final Confirmations confirmations;
    private final Map<ChunkId, ChunkSplit> held = new LinkedHashMap<>();
    private boolean started;
    private boolean asked;

    private PostgresReader(
            SourceReaderContext context,
            SourceSettings settings,
            PostgresDeserializer<T> deserializer,
            CurrentReading current,
            StreamMetrics metrics) {
        super(
                () -> new PostgresSplitReader(settings, current),
                new BatchEmitter<>(deserializer, metrics),
                withShortQueue(context.getConfiguration()),
                context);
        this.settings = settings;
        this.current = current;
        this.metrics = metrics;
        this.confirmations = new Confirmations(settings.reading().keepCheckpoints());
    }

    public static <T> PostgresReader<T> create(
            SourceReaderContext context, SourceSettings settings, PostgresDeserializer<T> deserializer) {
        return new PostgresReader<>(
                context, settings, deserializer, new CurrentReading(), new StreamMetrics(context.metricGroup()));
    }

    @Override
    public void start() {
        started = true;
        if (held.isEmpty()) {
            askWhenIdle();
        } else {
            context.sendSourceEventToCoordinator(new ReaderReport.Held(
                    held.values().stream().map(PostgresReader::describe).toList()));
        }
    }

    @Override
    public void addSplits(List<PostgresSplit> splits) {
        asked = false;
        List<PostgresSplit> toRead = new ArrayList<>();
        for (PostgresSplit split : splits) {
            if (!started && split instanceof ChunkSplit chunk) {
                held.put(chunk.id(), chunk);
            } else {
                toRead.add(split);
            }
        }
        if (!toRead.isEmpty()) {
            super.addSplits(toRead);
        }
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (!(event instanceof ChunkAnswer answer)) {
            super.handleSourceEvents(event);
            return;
        }
        answer.forget().forEach(held::remove);
        List<PostgresSplit> toRead = new ArrayList<>();
        for (ChunkId id : answer.goOn()) {
            ChunkSplit chunk = held.remove(id);
            if (chunk != null) {
                toRead.add(chunk);
            }
        }
        if (!toRead.isEmpty()) {
            super.addSplits(toRead);
        }
        askWhenIdle();
    }

    @Override
    protected void onSplitFinished(Map<String, SplitProgress> finished) {
        for (SplitProgress progress : finished.values()) {
            PostgresSplit split = progress.split();
            if (split instanceof ChunkSplit chunk) {
                held.put(chunk.id(), chunk);
                context.sendSourceEventToCoordinator(new ReaderReport.Finished(describe(chunk)));
            } else if (split instanceof StreamSplit stream) {
                context.sendSourceEventToCoordinator(new ReaderReport.StreamEnded(reason(stream)));
            }
        }
        askWhenIdle();
    }

    @Override
    public List<PostgresSplit> snapshotState(long checkpoint) {
        List<PostgresSplit> splits = new ArrayList<>(super.snapshotState(checkpoint));
        for (PostgresSplit split : splits) {
            if (split instanceof StreamSplit stream) {
                confirmations.begin(checkpoint, stream.position());
            }
        }
        splits.addAll(held.values());
        return splits;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        confirmations.complete(checkpoint).ifPresent(this::confirm);
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) {
        confirmations.abort(checkpoint);
    }

    @Override
    public void close() throws Exception {
        try {
            current.close();
        } finally {
            super.close();
        }
    }

    @Override
    protected SplitProgress initializedState(PostgresSplit split) {
        return new SplitProgress(split);
    }

    @Override
    protected PostgresSplit toSplitType(String id, SplitProgress progress) {
        return progress.split();
    }

    private void confirm(Lsn flushed) {
        current.confirm(flushed);
        metrics.confirmed(flushed);
    }

    private void askWhenIdle() {
        if (!asked && getNumberOfCurrentlyAssignedSplits() == 0) {
            asked = true;
            context.sendSplitRequest();
        }
    }

    private String reason(StreamSplit stream) {
        return stream.stop() != null && !stream.position().lsn().isBefore(stream.stop())
                ? "everything up to " + stream.stop() + ", the end of the WAL at the start, was read"
                : "no change of a captured table came for " + settings.stop().noData();
    }

    private static ReaderReport.Chunk describe(ChunkSplit chunk) {
        return new ReaderReport.Chunk(chunk.id(), chunk.emitted(), chunk.finished());
    }

    private static Configuration withShortQueue(Configuration configuration) {
        Configuration own = new Configuration(configuration);
        own.set(SourceReaderOptions.ELEMENT_QUEUE_CAPACITY, QUEUE);
        return own;
    }
}
