package io.sluice.flink.source.option;

import io.sluice.postgres.change.TableName;
import java.io.Serializable;
import java.util.Set;

/** Which of the source's tables are captured. */
@FunctionalInterface
public interface TableSelection extends Serializable {
    boolean selects(TableName table);

    /** Tables that must exist, each on its own; empty when the selection is a rule. */
    default Set<TableName> named() {
        return Set.of();
    }

    /** For messages: what was asked for. */
    default String description() {
        return "the table selection";
    }

    /** Exactly these tables. */
    static TableSelection of(TableName... tables) {
        return new NamedTables(Set.of(tables));
    }
}
