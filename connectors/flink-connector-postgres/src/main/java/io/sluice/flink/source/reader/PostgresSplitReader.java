package io.sluice.flink.source.reader;

import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.flink.source.split.PostgresSplit;
import io.sluice.flink.source.split.StreamSplit;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.replication.UnreadableSourceException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/** Reads one split after the other in the fetcher's thread, one step for each call. */
final class PostgresSplitReader implements SplitReader<Fetched, PostgresSplit> {
    private final SourceSettings settings;
    private final CurrentReading current;
    private final Queue<PostgresSplit> splits = new ArrayDeque<>();
    private @Nullable SplitReading reading;

    PostgresSplitReader(SourceSettings settings, CurrentReading current) {
        this.settings = settings;
        this.current = current;
    }

    @Override
    public RecordsWithSplitIds<Fetched> fetch() throws IOException {
        RecordsBySplits.Builder<Fetched> records = new RecordsBySplits.Builder<>();
        PostgresSplit split = splits.peek();
        if (split != null) {
            try {
                step(split, records);
            } catch (UnreadableSourceException | SchemaChangedException e) {
                // Another attempt would find the same: end the job with what is to be done.
                throw new SuppressRestartsException(e);
            } catch (SQLException | RuntimeException e) {
                if (!current.closed()) {
                    throw new IOException("cannot read " + split + ": " + e.getMessage(), e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return records.build();
    }

    private void step(PostgresSplit split, RecordsBySplits.Builder<Fetched> records)
            throws SQLException, InterruptedException {
        SplitReading open = reading;
        if (open == null) {
            open = current.open(() -> open(split));
            if (open == null) {
                return;
            }
            reading = open;
        }
        Fetched fetched = open.next();
        if (fetched != null) {
            records.add(split.splitId(), fetched);
        }
        if (open.ended()) {
            records.addFinishedSplit(split.splitId());
            splits.remove();
            reading = null;
            current.end(open);
        }
    }

    private SplitReading open(PostgresSplit split) throws SQLException, InterruptedException {
        if (split instanceof ChunkSplit chunk) {
            return new ChunkReading(chunk, settings);
        } else if (split instanceof StreamSplit stream) {
            return new StreamReading(stream, settings);
        }
        throw new IllegalStateException("a split of no known kind: " + split.getClass());
    }

    @Override
    public void handleSplitsChanges(SplitsChange<PostgresSplit> change) {
        splits.addAll(change.splits());
    }

    @Override
    public void wakeUp() {
        // A step ends by itself: a piece of a chunk as fast as it is sent, a fetch of the stream after a moment. What
        // must not be waited for, CurrentReading breaks off.
    }

    @Override
    public void close() throws SQLException {
        SplitReading open = reading;
        reading = null;
        if (open != null) {
            current.end(open);
        }
    }
}
