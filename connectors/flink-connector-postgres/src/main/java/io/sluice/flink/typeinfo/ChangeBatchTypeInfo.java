package io.sluice.flink.typeinfo;

import io.sluice.postgres.change.ChangeBatch;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The type of a stream of {@link ChangeBatch}; not a key. */
public final class ChangeBatchTypeInfo extends TypeInformation<ChangeBatch> {
    private static final long serialVersionUID = 1;

    public static final ChangeBatchTypeInfo INSTANCE = new ChangeBatchTypeInfo();

    private ChangeBatchTypeInfo() {}

    @Override
    public TypeSerializer<ChangeBatch> createSerializer(SerializerConfig config) {
        return new ChangeBatchSerializer();
    }

    @Override
    public Class<ChangeBatch> getTypeClass() {
        return ChangeBatch.class;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ChangeBatchTypeInfo;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChangeBatchTypeInfo;
    }

    @Override
    public int hashCode() {
        return ChangeBatchTypeInfo.class.hashCode();
    }

    @Override
    public String toString() {
        return "ChangeBatch";
    }
}
