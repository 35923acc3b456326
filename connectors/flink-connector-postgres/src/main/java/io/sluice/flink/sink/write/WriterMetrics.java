package io.sluice.flink.sink.write;

import io.sluice.postgres.apply.write.TargetWriter;
import io.sluice.postgres.apply.write.WriterStats;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/**
 * What a writer did, in Flink's metrics: {@code changes} that came in, {@code rowsStaged} of them and
 * {@code bytesStaged}, {@code changesFolded} away, {@code rowsCopied} and {@code bytesCopied} of snapshots,
 * {@code flushes}; and Flink's own counters of records and bytes sent.
 */
public final class WriterMetrics {
    private final TargetWriter writer;
    private final SinkWriterMetricGroup group;
    /** Reporters read in threads of their own. */
    private volatile WriterStats shown;

    public WriterMetrics(SinkWriterMetricGroup group, TargetWriter writer) {
        this.group = group;
        this.writer = writer;
        shown = writer.stats();
        group.gauge("changes", () -> shown.changes());
        group.gauge("rowsStaged", () -> shown.staged());
        group.gauge("bytesStaged", () -> shown.stagedBytes());
        group.gauge("changesFolded", () -> shown.folded());
        group.gauge("rowsCopied", () -> shown.copied());
        group.gauge("bytesCopied", () -> shown.copiedBytes());
        group.gauge("flushes", () -> shown.flushes());
    }

    /** Shows what the writer has done by now; called by the thread that owns the writer. */
    public void update() {
        WriterStats before = shown;
        WriterStats now = writer.stats();
        group.getNumRecordsSendCounter().inc(now.staged() + now.copied() - before.staged() - before.copied());
        group.getNumBytesSendCounter()
                .inc(now.stagedBytes() + now.copiedBytes() - before.stagedBytes() - before.copiedBytes());
        shown = now;
    }
}
