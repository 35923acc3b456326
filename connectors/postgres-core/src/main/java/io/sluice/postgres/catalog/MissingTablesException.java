package io.sluice.postgres.catalog;

import io.sluice.postgres.change.TableName;
import java.util.Collection;
import java.util.stream.Collectors;

/** Tables that were asked for and are not there. */
public final class MissingTablesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingTablesException(Collection<TableName> tables) {
        super("no such table: " + tables.stream().map(TableName::toString).collect(Collectors.joining(", "))
                + "; names are case-sensitive and need no quotes, views cannot be captured");
    }
}
