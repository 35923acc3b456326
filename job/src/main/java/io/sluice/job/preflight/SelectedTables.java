package io.sluice.job.preflight;

import static java.util.stream.Collectors.joining;

import io.sluice.job.config.NamePattern;
import io.sluice.job.config.SourceConfig.Tables;
import io.sluice.postgres.change.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which tables of the source the file selects, and what it selects in vain. */
final class SelectedTables {
    private static final String RELATIONS = "SELECT n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <>"
            + " 'information_schema' ORDER BY 1, 2";

    private final Tables selection;
    private final List<Relation> relations;

    private record Relation(TableName name, char kind) {
        boolean isTable() {
            return kind == 'r';
        }
    }

    private SelectedTables(Tables selection, List<Relation> relations) {
        this.selection = selection;
        this.relations = relations;
    }

    static SelectedTables find(Connection connection, Tables selection) throws SQLException {
        List<Relation> relations = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(RELATIONS)) {
            while (row.next()) {
                relations.add(new Relation(
                        new TableName(row.getString(1), row.getString(2)),
                        row.getString(3).charAt(0)));
            }
        }
        return new SelectedTables(selection, relations);
    }

    List<TableName> names() {
        return relations.stream()
                .filter(Relation::isTable)
                .map(Relation::name)
                .filter(this::selected)
                .toList();
    }

    /** A pattern that selects no table is a mistake, even when others select some. */
    List<Finding> findings() {
        return selection.tables().stream()
                .flatMap(table -> finding(table).stream())
                .toList();
    }

    private Optional<Finding> finding(NamePattern table) {
        Predicate<Relation> hit =
                relation -> inSchema(relation) && table.matches(relation.name().table());
        if (relations.stream().filter(Relation::isTable).anyMatch(hit)) {
            return Optional.empty();
        }
        String missed = "source.table " + table + " selects no table in schema "
                + selection.schemas().stream().map(NamePattern::toString).collect(joining(", "));
        return Optional.of(relations.stream()
                .filter(hit)
                .findFirst()
                .map(other -> Finding.error(missed + ": " + other.name() + kind(other), remedy(other)))
                .orElseGet(() -> Finding.error(missed, nearest(table))));
    }

    private String nearest(NamePattern table) {
        return relations.stream()
                .filter(Relation::isTable)
                .map(Relation::name)
                .filter(name -> name.table().equalsIgnoreCase(table.toString()))
                .findFirst()
                .map(name -> "there is " + name + "; names are case-sensitive and need no quotes")
                .orElse("create it, or check source.schema, source.table and source.database-name");
    }

    private boolean selected(TableName name) {
        return selection.selects(new io.sluice.job.config.TableName(name.schema(), name.table()));
    }

    private boolean inSchema(Relation relation) {
        return selection.schemas().stream()
                .anyMatch(schema -> schema.matches(relation.name().schema()));
    }

    private static String kind(Relation relation) {
        return switch (relation.kind()) {
            case 'p' -> " is a partitioned table";
            case 'f' -> " is a foreign table";
            default -> " is a view";
        };
    }

    private static String remedy(Relation relation) {
        return relation.kind() == 'p'
                ? "select its partitions; each is read as a table"
                : "select the tables that it is made of";
    }
}
