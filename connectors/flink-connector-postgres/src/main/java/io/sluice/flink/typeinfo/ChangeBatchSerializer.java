package io.sluice.flink.typeinfo;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.wire.BatchCodec;
import java.io.IOException;
import java.io.ObjectInputStream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Batches are immutable, so a copy is the batch itself and chained operators share it (RULES M8). Each instance
 * remembers the schemas that it has seen.
 *
 * <p>Not thread-safe, as Flink's serializers are: one {@link #duplicate} for each thread.
 */
public final class ChangeBatchSerializer extends TypeSerializer<ChangeBatch> {
    private static final long serialVersionUID = 1;

    private transient BatchCodec codec = new BatchCodec();

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public ChangeBatchSerializer duplicate() {
        return new ChangeBatchSerializer();
    }

    @Override
    public ChangeBatch createInstance() {
        throw new UnsupportedOperationException("a batch of changes has no empty form");
    }

    @Override
    public ChangeBatch copy(ChangeBatch from) {
        return from;
    }

    @Override
    public ChangeBatch copy(ChangeBatch from, ChangeBatch reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(ChangeBatch batch, DataOutputView target) throws IOException {
        codec.write(batch, target);
    }

    @Override
    public ChangeBatch deserialize(DataInputView source) throws IOException {
        return codec.read(source);
    }

    @Override
    public ChangeBatch deserialize(ChangeBatch reuse, DataInputView source) throws IOException {
        return codec.read(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        codec.write(codec.read(source), target);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChangeBatchSerializer;
    }

    @Override
    public int hashCode() {
        return ChangeBatchSerializer.class.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<ChangeBatch> snapshotConfiguration() {
        return new ChangeBatchSerializerSnapshot();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        codec = new BatchCodec();
    }
}
