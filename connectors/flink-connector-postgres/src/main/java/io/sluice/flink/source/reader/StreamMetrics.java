package io.sluice.flink.source.reader;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.replication.ChangeReader;
import java.time.Instant;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/** How far the stream is behind the server. Metrics appear with the first fetch of it, so only its reader has them. */
final class StreamMetrics {
    private static final long EPOCH_2000_MILLIS =
            Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    private final SourceReaderMetricGroup group;
    private volatile long lagBytes;
    private volatile long commitMillis;
    private volatile Lsn position = Lsn.ZERO;
    private volatile Lsn confirmed = Lsn.ZERO;
    private boolean registered;

    StreamMetrics(SourceReaderMetricGroup group) {
        this.group = group;
    }

    void emitted(ChangeReader.Fetch fetch) {
        position = fetch.end().lsn();
        lagBytes = Math.max(0, fetch.serverEnd().minus(position));
        if (fetch.lastCommitTime() != 0) {
            commitMillis = EPOCH_2000_MILLIS + fetch.lastCommitTime() / 1000;
        }
        if (!registered) {
            registered = true;
            register();
        }
    }

    void confirmed(Lsn lsn) {
        confirmed = lsn;
    }

    private void register() {
        group.setPendingBytesGauge(() -> lagBytes);
        group.gauge("currentEmitEventTimeLag", () -> commitMillis == 0 ? 0 : System.currentTimeMillis() - commitMillis);
        MetricGroup stream = group.addGroup("stream");
        stream.gauge("lagBytes", () -> lagBytes);
        stream.gauge("position", () -> position.toString());
        stream.gauge("confirmedPosition", () -> confirmed.toString());
        stream.gauge("lastCommitTime", () -> commitMillis);
    }
}
