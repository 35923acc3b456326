package io.sluice.job.config;

import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which target table each source table goes to, and what is demanded of it. */
public record TargetTables(
        NameTemplate schema,
        NameTemplate table,
        boolean allowMerge,
        boolean primaryKeyRequired,
        SchemaEvolution evolution,
        SchemaPrivileges privileges)
        implements Serializable {

    /** What a change of the source table's columns does. */
    public enum SchemaEvolution {
        EVOLVE,
        FAIL,
        IGNORE
    }

    /** The target of one source table. */
    public TableName targetOf(TableName source) {
        return new TableName(schema.nameFor(source), table.nameFor(source));
    }

    /** The targets that more than one of these source tables would share, each with those tables. */
    public Map<TableName, List<TableName>> sharedTargets(Collection<TableName> sources) {
        Map<TableName, List<TableName>> byTarget = new LinkedHashMap<>();
        for (TableName source : sources) {
            byTarget.merge(targetOf(source), List.of(source), TargetTables::joined);
        }
        byTarget.values().removeIf(tables -> tables.size() < 2);
        return byTarget;
    }

    private static List<TableName> joined(List<TableName> first, List<TableName> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
