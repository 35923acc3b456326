package io.sluice.flink.source.option;

import io.sluice.postgres.change.TableName;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

record NamedTables(Set<TableName> named) implements TableSelection {
    NamedTables {
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no table is named; name at least one");
        }
    }

    @Override
    public boolean selects(TableName table) {
        return named.contains(table);
    }

    @Override
    public String description() {
        return new TreeSet<>(named).stream().map(TableName::toString).collect(Collectors.joining(", "));
    }
}
