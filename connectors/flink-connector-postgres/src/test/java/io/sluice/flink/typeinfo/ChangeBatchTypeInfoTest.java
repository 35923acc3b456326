package io.sluice.flink.typeinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangeBatchTypeInfoTest {
    private static final ChangeBatch BATCH =
            new Progress(0, new Origin("1", 1, "s", "pgoutput"), ChangePosition.atEnd(new Lsn(7)));

    @Test
    @DisplayName("M8: batches are immutable, so a copy is the batch itself")
    void copiesAreTheSameObject() {
        TypeSerializer<ChangeBatch> serializer =
                ChangeBatchTypeInfo.INSTANCE.createSerializer(new SerializerConfigImpl());
        assertThat(serializer.isImmutableType()).isTrue();
        assertThat(serializer.copy(BATCH)).isSameAs(BATCH);
    }

    @Test
    void serializerSurvivesTheJobGraphAndItsOwnSnapshot() throws Exception {
        TypeSerializer<ChangeBatch> sent = InstantiationUtil.clone(new ChangeBatchSerializer());
        DataOutputSerializer out = new DataOutputSerializer(64);
        sent.serialize(BATCH, out);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, sent.snapshotConfiguration());

        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(new ChangeBatchSerializer().deserialize(in)).isEqualTo(BATCH);
        TypeSerializerSnapshot<ChangeBatch> snapshot =
                TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
        assertThat(snapshot.restoreSerializer()).isEqualTo(sent);
        assertThat(sent.snapshotConfiguration()
                        .resolveSchemaCompatibility(snapshot)
                        .isCompatibleAsIs())
                .isTrue();
    }
}
