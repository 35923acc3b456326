package io.sluice.flink.typeinfo;

import io.sluice.postgres.change.ChangeBatch;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Says which serializer wrote a state; the batches carry their own version. Flink makes it by reflection. */
public final class ChangeBatchSerializerSnapshot implements TypeSerializerSnapshot<ChangeBatch> {
    private static final int VERSION = 1;

    @Override
    public int getCurrentVersion() {
        return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView out) {
        // Nothing about the serializer can be chosen.
    }

    @Override
    public void readSnapshot(int readVersion, DataInputView in, ClassLoader userCodeClassLoader) throws IOException {
        if (readVersion != VERSION) {
            throw new IOException("state of batches written by serializer version " + readVersion
                    + ", this Sluice reads version " + VERSION + "; use the release that wrote it, or a newer one");
        }
    }

    @Override
    public TypeSerializer<ChangeBatch> restoreSerializer() {
        return new ChangeBatchSerializer();
    }

    @Override
    public TypeSerializerSchemaCompatibility<ChangeBatch> resolveSchemaCompatibility(
            TypeSerializerSnapshot<ChangeBatch> oldSerializerSnapshot) {
        return oldSerializerSnapshot instanceof ChangeBatchSerializerSnapshot
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
