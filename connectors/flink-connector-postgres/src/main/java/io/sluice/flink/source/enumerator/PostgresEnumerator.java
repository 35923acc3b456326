package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.event.ChunkAnswer;
import io.sluice.flink.source.event.ReaderReport;
import io.sluice.flink.source.option.ResumePoint;
import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.split.ChunkId;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.flink.source.split.PostgresSplit;
import io.sluice.flink.source.split.StreamSplit;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.snapshot.SnapshotHolder;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the source, hands out chunks, and when all of them are safe the stream.
 *
 * <pre>
 * prepare -> [start barrier] -> snapshot -> chunks read and acknowledged -> stream -> ended
 *                                           (no more splits when only copies are made)
 * </pre>
 *
 * <p>Readers ask for work when they have none; nothing is given or ended unasked. Everything that waits for a server
 * runs in Flink's worker thread, everything else in the coordinator's thread.
 */
public final class PostgresEnumerator implements SplitEnumerator<PostgresSplit, EnumeratorState> {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresEnumerator.class);
    private static final long PULSE_MILLIS = 200;
    private static final long CHECK_EVERY = TimeUnit.SECONDS.toNanos(10);

    private final SplitEnumeratorContext<PostgresSplit> context;
    private final SourceSettings settings;
    private final Sessions sessions;
    private final Preparation preparation;
    private final TreeSet<Integer> idle = new TreeSet<>();

    private @Nullable ChunkBook book;
    private @Nullable StreamStart stream;
    private @Nullable CopyReport report;
    private boolean planned;
    private boolean streaming;
    private boolean ended;
    private List<TableSchema> toCopy = List.of();

    // Read by the worker thread, too.
    private volatile @Nullable BarrierWait barrier;
    private volatile @Nullable SnapshotHolder holder;
    private long nextCheck = System.nanoTime() + CHECK_EVERY;

    public PostgresEnumerator(
            SplitEnumeratorContext<PostgresSplit> context,
            SourceSettings settings,
            ResumePoint resumePoint,
            EnumeratorState state) {
        this.context = context;
        this.settings = settings;
        this.sessions = new Sessions(settings);
        this.preparation = new Preparation(settings, resumePoint, sessions);
        if (state instanceof EnumeratorState.Started started) {
            book = ChunkBook.restored(started.tables());
            stream = started.stream();
            streaming = started.streaming();
            ended = started.ended();
        }
    }

    @Override
    public void start() {
        context.metricGroup().setUnassignedSplitsGauge(() -> book == null ? 0L : book.pending());
        MetricGroup metrics = context.metricGroup().addGroup("snapshot");
        metrics.gauge("chunks", () -> book == null ? 0 : book.chunks());
        metrics.gauge("chunksAcknowledged", () -> book == null ? 0 : book.done());
        metrics.gauge("rows", () -> report == null ? 0L : report.rows());
        if (book == null) {
            async(preparation::fresh, this::started);
        } else {
            List<TableSchema> waiting = book.waiting();
            if (waiting.isEmpty()) {
                planned = true;
            } else {
                LOG.info("The snapshot of {} tables ended with its JobManager; they are copied again.", waiting.size());
                async(() -> preparation.again(waiting), this::copy);
            }
        }
        context.callAsync(this::pulse, this::pulsed, PULSE_MILLIS, PULSE_MILLIS);
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        idle.add(subtask);
        handOut();
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (event instanceof ReaderReport.Held held) {
            answer(subtask, held);
        } else if (event instanceof ReaderReport.Finished finished) {
            ChunkId chunk = finished.chunk().id();
            if (book == null || !book.finished(subtask, chunk)) {
                send(subtask, new ChunkAnswer(List.of(chunk), List.of()));
            } else if (report != null) {
                report.read(finished.chunk().rows());
            }
        } else if (event instanceof ReaderReport.StreamEnded end) {
            LOG.info("The stream has ended: {}.", end.reason());
            ended = true;
            handOut();
        } else {
            throw new IllegalStateException("an event of no known kind: " + event.getClass());
        }
    }

    @Override
    public void addSplitsBack(List<PostgresSplit> splits, int subtask) {
        idle.remove(subtask);
        for (PostgresSplit split : splits) {
            if (split instanceof ChunkSplit chunk && book != null) {
                book.back(chunk);
            } else if (split instanceof StreamSplit) {
                streaming = false;
                ended = false;
            }
        }
        handOut();
    }

    @Override
    public void addReader(int subtask) {
        idle.remove(subtask);
        if (book != null) {
            book.forget(subtask);
        }
    }

    @Override
    public EnumeratorState snapshotState(long checkpoint) {
        return book == null
                ? new EnumeratorState.Preparing()
                : new EnumeratorState.Started(stream, book.begin(checkpoint), streaming, ended);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        if (book != null) {
            book.complete(checkpoint).forEach((subtask, chunks) -> send(subtask, new ChunkAnswer(chunks, List.of())));
            handOut();
        }
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) {
        if (book != null) {
            book.abort(checkpoint);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            sessions.close();
        } catch (SQLException e) {
            throw new IOException("cannot break off the source's connections", e);
        }
    }

    private void started(EnumeratorState.Started start) {
        book = new ChunkBook(start.tables());
        stream = start.stream();
        if (stream != null) {
            LOG.info("Reading slot {} of {} from {}.", stream.session().slot(), stream.origin(), stream.position());
        }
        copy(book.waiting());
    }

    private void copy(List<TableSchema> tables) {
        toCopy = tables;
        if (tables.isEmpty()) {
            planned = true;
            handOut();
        } else if (stream == null) {
            async(() -> preparation.takeSnapshot(tables), this::planned);
        } else {
            async(preparation::noteBarrier, noted -> barrier = noted);
        }
    }

    private void planned(Preparation.Taken taken) {
        ChunkBook chunks = known();
        holder = taken.holder();
        chunks.plan(taken.chunks());
        report = new CopyReport(chunks, taken.bytes());
        planned = true;
        handOut();
    }

    private void handOut() {
        if (book == null || !planned) {
            return;
        }
        idle.retainAll(context.registeredReaders().keySet());
        for (int subtask : List.copyOf(idle)) {
            ChunkSplit chunk = book.next();
            if (chunk != null) {
                idle.remove(subtask);
                context.assignSplit(chunk, subtask);
            } else if (stream == null || ended) {
                idle.remove(subtask);
                context.signalNoMoreSplits(subtask);
            }
        }
        if (book.allDone()) {
            releaseSnapshot();
            if (stream != null && !streaming && !idle.isEmpty()) {
                int subtask = idle.pollFirst();
                streaming = true;
                context.assignSplit(streamSplit(book, stream), subtask);
            }
        }
    }

    private static StreamSplit streamSplit(ChunkBook book, StreamStart start) {
        return new StreamSplit(
                start.session(), start.origin(), book.schemas(), book.copied(), start.position(), start.stop());
    }

    private void answer(int subtask, ReaderReport.Held held) {
        if (book == null) {
            send(
                    subtask,
                    new ChunkAnswer(
                            held.chunks().stream().map(ReaderReport.Chunk::id).toList(), List.of()));
            return;
        }
        ChunkAnswer answer = book.held(subtask, held.chunks());
        SnapshotHolder open = holder;
        if (answer.goOn().isEmpty() || open == null) {
            send(subtask, answer);
        } else {
            async(
                    () -> {
                        check(open);
                        return answer;
                    },
                    checked -> send(subtask, checked));
        }
    }

    private void send(int subtask, ChunkAnswer answer) {
        if (context.registeredReaders().containsKey(subtask)) {
            context.sendEventToSourceReader(subtask, answer);
        }
    }

    private void releaseSnapshot() {
        SnapshotHolder open = holder;
        if (open != null) {
            holder = null;
            async(
                    () -> {
                        open.close();
                        return open.snapshot();
                    },
                    snapshot -> LOG.info("All chunks are safe; snapshot {} is released.", snapshot.id()));
        }
    }

    /** In the worker thread: true when the snapshot may be taken. */
    private boolean pulse() throws SQLException {
        SnapshotHolder open = holder;
        if (open != null && System.nanoTime() - nextCheck >= 0) {
            check(open);
            nextCheck = System.nanoTime() + CHECK_EVERY;
        }
        BarrierWait waiting = barrier;
        return waiting != null && waiting.passed();
    }

    private void pulsed(@Nullable Boolean passed, @Nullable Throwable error) {
        if (error != null) {
            throw failure(error);
        }
        if (report != null) {
            report.sayNowAndThen();
        }
        BarrierWait waiting = barrier;
        if (waiting != null && Boolean.TRUE.equals(passed)) {
            barrier = null;
            List<TableSchema> tables = toCopy;
            async(
                    () -> {
                        sessions.close(waiting.connection());
                        return preparation.takeSnapshot(tables);
                    },
                    this::planned);
        }
    }

    /** What was read of a lost snapshot cannot be completed: the whole source starts over with another one (RULES F4). */
    private static void check(SnapshotHolder open) throws SQLException {
        if (!open.alive()) {
            throw new SQLException("the session that holds snapshot "
                    + open.snapshot().id() + " has ended; its tables are copied again under another one");
        }
    }

    private ChunkBook known() {
        ChunkBook chunks = book;
        if (chunks == null) {
            throw new IllegalStateException("no table is known yet");
        }
        return chunks;
    }

    private <R> void async(Callable<R> work, Consumer<R> then) {
        context.callAsync(work, (result, error) -> {
            if (error != null) {
                throw failure(error);
            }
            then.accept(result);
        });
    }

    private FlinkRuntimeException failure(Throwable error) {
        return new FlinkRuntimeException(
                "source " + settings.connection().name() + " of pipeline " + settings.pipeline() + ": "
                        + error.getMessage(),
                error);
    }
}
