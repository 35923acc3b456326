package io.sluice.flink.source.row;

import io.sluice.flink.typeinfo.ChangeBatchTypeInfo;
import io.sluice.postgres.change.ChangeBatch;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Hands batches on as they are, which costs nothing per row. */
public final class WholeBatches implements PostgresDeserializer<ChangeBatch> {
    private static final long serialVersionUID = 1;

    @Override
    public void deserialize(ChangeBatch batch, Collector<ChangeBatch> out) {
        out.collect(batch);
    }

    @Override
    public TypeInformation<ChangeBatch> producedType() {
        return ChangeBatchTypeInfo.INSTANCE;
    }
}
