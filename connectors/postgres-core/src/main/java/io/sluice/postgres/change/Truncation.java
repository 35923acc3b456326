package io.sluice.postgres.change;

import java.util.List;

/** A TRUNCATE of the captured tables in {@code tables}: a cut, made once for each bucket (RULES F6). */
public record Truncation(List<TableSchema> tables, int bucket, ChangePosition position, boolean restartIdentity)
        implements ChangeBatch {
    public Truncation {
        tables = List.copyOf(tables);
    }
}
