package io.sluice.flink.source.reader;

import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.flink.source.split.PostgresSplit;
import io.sluice.flink.source.split.StreamSplit;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.replication.ChangeReader;
import java.util.List;

/**
 * What one reading step brought. It is one element for Flink, emitted in one go with its end, so that no checkpoint
 * falls between two of its batches.
 */
sealed interface Fetched {
    List<ChangeBatch> batches();

    /** The split when all batches are emitted. */
    PostgresSplit after(PostgresSplit before);

    record Piece(SnapshotBatch batch) implements Fetched {
        @Override
        public List<ChangeBatch> batches() {
            return List.of(batch);
        }

        @Override
        public PostgresSplit after(PostgresSplit before) {
            SnapshotBatch.Rows rows = batch.rows();
            return ((ChunkSplit) before).at(rows.first() + rows.count(), rows.last());
        }
    }

    record Changes(ChangeReader.Fetch fetch) implements Fetched {
        @Override
        public List<ChangeBatch> batches() {
            return fetch.batches();
        }

        @Override
        public PostgresSplit after(PostgresSplit before) {
            return ((StreamSplit) before).at(fetch.end());
        }
    }
}
