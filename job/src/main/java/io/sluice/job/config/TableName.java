package io.sluice.job.config;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/** A table of the source or the target, in the exact spelling of the catalog. */
public record TableName(String schema, String table) implements Serializable {
    public TableName {
        requireNonNull(schema, "schema is null");
        requireNonNull(table, "table is null");
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
