package io.sluice.flink.source.enumerator;

import io.sluice.postgres.change.TableSchema;
import java.util.Objects;

/** A captured table and its first copy. */
public record TableState(TableSchema schema, TableProgress progress) {
    public TableState {
        Objects.requireNonNull(schema, "schema is null");
        Objects.requireNonNull(progress, "progress is null");
    }
}
