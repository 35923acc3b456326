package io.sluice.flink.source.reader;

import io.sluice.flink.source.row.PostgresDeserializer;
import io.sluice.postgres.change.ChangeBatch;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.util.Collector;

/** Emits all batches of a fetch and then moves the state: a barrier comes before or after both. */
final class BatchEmitter<T> implements RecordEmitter<Fetched, T, SplitProgress> {
    private final PostgresDeserializer<T> deserializer;
    private final StreamMetrics metrics;

    BatchEmitter(PostgresDeserializer<T> deserializer, StreamMetrics metrics) {
        this.deserializer = deserializer;
        this.metrics = metrics;
    }

    @Override
    public void emitRecord(Fetched fetched, SourceOutput<T> output, SplitProgress progress) throws Exception {
        Collector<T> collector = new Into<>(output);
        for (ChangeBatch batch : fetched.batches()) {
            deserializer.deserialize(batch, collector);
        }
        progress.emitted(fetched);
        if (fetched instanceof Fetched.Changes changes) {
            metrics.emitted(changes.fetch());
        }
    }

    private record Into<T>(SourceOutput<T> output) implements Collector<T> {
        @Override
        public void collect(T element) {
            output.collect(element);
        }

        @Override
        public void close() {
            // The output is the task's.
        }
    }
}
