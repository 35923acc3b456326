package io.sluice.flink.source.row;

import io.sluice.postgres.change.ChangeBatch;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Makes records of batches. */
public interface PostgresDeserializer<T> extends Serializable {

    /**
     * Called for every batch in order. All that it collects belongs to one position: a checkpoint holds all of it or
     * nothing.
     */
    void deserialize(ChangeBatch batch, Collector<T> out) throws Exception;

    TypeInformation<T> producedType();

    /** True when values are to travel as text unless the source says otherwise. */
    default boolean prefersText() {
        return false;
    }
}
