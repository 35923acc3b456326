package io.sluice.flink.source.event;

import io.sluice.flink.source.split.ChunkId;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * From the enumerator to a reader, about chunks that it reported.
 *
 * @param forget acknowledged ones, and those of a snapshot that is gone
 * @param goOn half-read ones whose snapshot is still open
 */
public record ChunkAnswer(List<ChunkId> forget, List<ChunkId> goOn) implements SourceEvent {
    public ChunkAnswer {
        forget = List.copyOf(forget);
        goOn = List.copyOf(goOn);
    }
}
