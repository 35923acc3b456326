package io.sluice.postgres.pgoutput;

import io.sluice.postgres.change.TableSchema;
import org.jspecify.annotations.Nullable;

/** Finds the schema under which a relation's rows are captured. */
@FunctionalInterface
public interface SchemaLookup {
    /** The schema, or null when the relation is not captured. */
    @Nullable
    TableSchema find(Relation relation);
}
