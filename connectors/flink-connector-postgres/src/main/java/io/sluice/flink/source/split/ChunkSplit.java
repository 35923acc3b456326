package io.sluice.flink.source.split;

import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.snapshot.CtidRange;
import java.util.Objects;

/**
 * A chunk of a table's snapshot.
 *
 * @param exported the server's name for the snapshot, good as long as its holder is open
 * @param emitted rows of it that are in the stream already; the next reading skips them (RULES S6)
 * @param finished all rows are in the stream; kept until the enumerator has acknowledged it (RULES S5)
 */
public record ChunkSplit(
        TableSchema schema, CtidRange range, SnapshotChunk chunk, String exported, long emitted, boolean finished)
        implements PostgresSplit {
    public ChunkSplit {
        Objects.requireNonNull(schema, "schema is null");
        Objects.requireNonNull(range, "range is null");
        Objects.requireNonNull(chunk, "chunk is null");
        Objects.requireNonNull(exported, "exported is null");
        if (emitted < 0) {
            throw new IllegalArgumentException("emitted is negative: " + emitted);
        }
    }

    public ChunkId id() {
        return new ChunkId(chunk.snapshot().id(), schema.name(), chunk.index());
    }

    /** The same chunk with more of it in the stream. */
    public ChunkSplit at(long emitted, boolean finished) {
        return new ChunkSplit(schema, range, chunk, exported, emitted, finished);
    }

    @Override
    public String splitId() {
        return id().toString();
    }

    @Override
    public String toString() {
        return "chunk " + (chunk.index() + 1) + " of " + chunk.count() + " of " + schema.name();
    }
}
