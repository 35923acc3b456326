package io.sluice.postgres.apply.option;

import io.sluice.postgres.change.TableName;
import java.io.Serializable;

/** Names the target table of a source table; the same answer every time. */
@FunctionalInterface
public interface TableMapping extends Serializable {
    TableMapping SAME_NAME = source -> source;

    TableName target(TableName source);
}
