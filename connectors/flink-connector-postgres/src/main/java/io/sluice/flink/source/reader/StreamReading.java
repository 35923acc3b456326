package io.sluice.flink.source.reader;

import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.split.StreamSplit;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.replication.ChangeReader;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The slot, until a stop condition holds at the end of a transaction. */
final class StreamReading implements SplitReading {
    private static final long FETCH_BYTES = 1 << 20;
    private static final Duration WAIT = Duration.ofMillis(100);

    private final ChangeReader reader;
    private final @Nullable Lsn stop;
    private final Duration noData;
    private ChangePosition position;
    private long lastChange = System.nanoTime();

    StreamReading(StreamSplit split, SourceSettings settings) throws SQLException, InterruptedException {
        this.stop = split.stop();
        this.noData = settings.stop().noData();
        this.position = split.position();
        this.reader = ChangeReader.open(
                settings.connection(),
                settings.application(),
                split.session(),
                new ChangeReader.Start(
                        split.position(),
                        split.tables(),
                        split.visibility(),
                        settings.reading().buckets(),
                        split.origin()));
    }

    @Override
    public @Nullable Fetched next() throws SQLException, InterruptedException {
        ChangeReader.Fetch fetch = reader.fetch(FETCH_BYTES, WAIT);
        if (fetch.changes()) {
            lastChange = System.nanoTime();
        }
        boolean moved = fetch.end().isAfter(position);
        position = fetch.end();
        return moved || !fetch.batches().isEmpty() ? new Fetched.Changes(fetch) : null;
    }

    @Override
    public boolean ended() {
        boolean reached = stop != null && !position.lsn().isBefore(stop);
        boolean quiet = !noData.isZero() && System.nanoTime() - lastChange >= noData.toNanos();
        return !position.insideTransaction() && (reached || quiet);
    }

    @Override
    public void confirm(Lsn flushed) {
        reader.confirm(flushed);
    }

    @Override
    public void close() throws SQLException {
        reader.close();
    }
}
