package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.snapshot.CtidRange;
import java.util.ArrayList;
import java.util.List;

/** Tables and their chunks for tests. */
final class Chunks {
    private Chunks() {}

    static TableSchema schema(String table) {
        return new TableSchema(
                new TableName("public", table),
                16_400,
                List.of(new Column(
                        "id", 1, new ColumnType(23, -1, "integer", 23, new ColumnType.Traits(true, true)), 1, true)));
    }

    static List<ChunkSplit> of(String table, String snapshot, int count) {
        Snapshot taken = new Snapshot(snapshot, "10:10:", new Lsn(0x100), 0);
        List<ChunkSplit> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chunks.add(new ChunkSplit(
                    schema(table), new CtidRange(i, i + 1), new SnapshotChunk(taken, i, count), "exported", 0, false));
        }
        return chunks;
    }
}
