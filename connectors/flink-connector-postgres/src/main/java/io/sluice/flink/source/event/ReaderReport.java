package io.sluice.flink.source.event;

import io.sluice.flink.source.split.ChunkId;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.connector.source.SourceEvent;

/** From a reader to the enumerator. */
public sealed interface ReaderReport extends SourceEvent {

    /** All chunks in a reader's restored state, told once when it starts; it reads none of them before the answer. */
    record Held(List<Chunk> chunks) implements ReaderReport {
        public Held {
            chunks = List.copyOf(chunks);
        }
    }

    /** A chunk is in the stream to its last row; the reader keeps it until it is acknowledged. */
    record Finished(Chunk chunk) implements ReaderReport {}

    /** The stream has reached its stop condition. */
    record StreamEnded(String reason) implements ReaderReport {}

    /**
     * What a reader has of a chunk.
     *
     * @param rows emitted so far
     */
    record Chunk(ChunkId id, long rows, boolean finished) implements java.io.Serializable {
        public Chunk {
            Objects.requireNonNull(id, "id is null");
        }
    }
}
