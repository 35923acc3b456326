package io.sluice.flink.source.reader;

import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.snapshot.ChunkReader;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

final class ChunkReading implements SplitReading {
    /** More buys nothing on Flink's channels, less costs fetches. */
    private static final int PIECE_BYTES = 256 << 10;

    private final ChunkSplit split;
    private final ChunkReader reader;
    private final int bucket;
    private boolean ended;

    ChunkReading(ChunkSplit split, SourceSettings settings) throws SQLException {
        this.split = split;
        this.bucket =
                settings.reading().buckets().of(split.schema(), split.chunk().index());
        this.reader = ChunkReader.open(
                settings.connection(), split.exported(), split.schema(), split.range(), split.emitted());
    }

    @Override
    public @Nullable Fetched next() throws SQLException {
        SnapshotBatch.Rows rows = reader.next(PIECE_BYTES);
        if (rows == null) {
            return null;
        }
        ended = rows.last();
        return new Fetched.Piece(new SnapshotBatch(split.schema(), bucket, split.chunk(), rows));
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void confirm(Lsn flushed) {
        // A chunk holds no WAL.
    }

    @Override
    public void close() throws SQLException {
        reader.close();
    }
}
