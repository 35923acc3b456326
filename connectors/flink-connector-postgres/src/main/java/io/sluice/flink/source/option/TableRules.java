package io.sluice.flink.source.option;

import java.io.Serializable;
import java.util.Objects;

/**
 * Which tables are captured and what they must have.
 *
 * @param keysRequired a table without primary key or REPLICA IDENTITY USING INDEX is an error
 */
public record TableRules(TableSelection selection, boolean keysRequired) implements Serializable {
    public TableRules {
        Objects.requireNonNull(selection, "selection is null");
    }
}
