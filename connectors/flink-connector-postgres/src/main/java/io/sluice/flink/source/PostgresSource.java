package io.sluice.flink.source;

import io.sluice.flink.source.enumerator.EnumeratorState;
import io.sluice.flink.source.enumerator.EnumeratorStateSerializer;
import io.sluice.flink.source.enumerator.PostgresEnumerator;
import io.sluice.flink.source.option.ResumePoint;
import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.reader.PostgresReader;
import io.sluice.flink.source.row.PostgresDeserializer;
import io.sluice.flink.source.row.WholeBatches;
import io.sluice.flink.source.split.PostgresSplit;
import io.sluice.flink.source.split.SplitSerializer;
import io.sluice.postgres.change.ChangeBatch;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads PostgreSQL tables: a consistent copy of them, the changes of a replication slot, or the copy and then exactly
 * the changes that it does not hold.
 *
 * <p>A source that streams needs checkpoints: the stream begins when a checkpoint holds the whole copy, and the slot is
 * told to forget WAL only when checkpoints no longer need it.
 *
 * @param <T> what comes out: {@link ChangeBatch}, or what a {@link PostgresDeserializer} makes of it
 */
public final class PostgresSource<T> implements Source<T, PostgresSplit, EnumeratorState>, ResultTypeQueryable<T> {
    private static final long serialVersionUID = 1;

    private final SourceSettings settings;
    private final ResumePoint resumePoint;
    private final PostgresDeserializer<T> deserializer;

    PostgresSource(SourceSettings settings, ResumePoint resumePoint, PostgresDeserializer<T> deserializer) {
        this.settings = settings;
        this.resumePoint = resumePoint;
        this.deserializer = deserializer;
    }

    public static PostgresSourceBuilder<ChangeBatch> builder() {
        return new PostgresSourceBuilder<>(new WholeBatches());
    }

    @Override
    public Boundedness getBoundedness() {
        return settings.streams() ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<T, PostgresSplit> createReader(SourceReaderContext context) {
        return PostgresReader.create(context, settings, deserializer);
    }

    @Override
    public SplitEnumerator<PostgresSplit, EnumeratorState> createEnumerator(
            SplitEnumeratorContext<PostgresSplit> context) {
        return new PostgresEnumerator(context, settings, resumePoint, new EnumeratorState.Preparing());
    }

    @Override
    public SplitEnumerator<PostgresSplit, EnumeratorState> restoreEnumerator(
            SplitEnumeratorContext<PostgresSplit> context, EnumeratorState state) {
        return new PostgresEnumerator(context, settings, resumePoint, state);
    }

    @Override
    public SimpleVersionedSerializer<PostgresSplit> getSplitSerializer() {
        return new SplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<EnumeratorState> getEnumeratorCheckpointSerializer() {
        return new EnumeratorStateSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return deserializer.producedType();
    }
}
