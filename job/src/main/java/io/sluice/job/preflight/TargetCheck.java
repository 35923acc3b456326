package io.sluice.job.preflight;

import static java.util.stream.Collectors.joining;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.wiring.TargetWiring;
import io.sluice.job.wiring.TextSchemas;
import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.table.TargetTables;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks at the target: whether tables and ledger are there or can be made, and take the rows. */
final class TargetCheck {
    private static final String OWNED_BY_OTHERS = "SELECT c.relname, pg_catalog.pg_get_userbyid(c.relowner)"
            + " FROM unnest(?::text[], ?::text[]) AS wanted(s, t)"
            + " JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.s"
            + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.t"
            + " WHERE c.relowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)"
            + " AND (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) ORDER BY 1";

    private final Connection connection;
    private final PipelineConfig config;
    private final ApplyOptions options;
    private ValueFormat values = ValueFormat.BINARY;

    TargetCheck(Connection connection, PipelineConfig config) {
        this.connection = connection;
        this.config = config;
        this.options = TargetWiring.applyOptions(config);
    }

    List<Finding> findings(List<TableSchema> sources) throws SQLException {
        List<Finding> findings = new ArrayList<>(sharedTargets(sources));
        TargetTables tables = new TargetTables(new Ledger(options.stagingSchema(), options.pipeline()), options);
        List<String> problems = tables.problems(connection, sources);
        if (!problems.isEmpty()) {
            List<String> asText = tables.problems(connection, TextSchemas.of(sources));
            if (asText.size() < problems.size()) {
                values = ValueFormat.TEXT;
                findings.add(Finding.info(where() + "columns have other types than at the source, so all values travel"
                        + " as text, which is slower: "
                        + problems.stream().filter(p -> !asText.contains(p)).collect(joining("; "))));
                problems = asText;
            }
        }
        problems.forEach(problem -> findings.add(Finding.error(where() + problem, "")));
        tables.remarks(connection, sources).forEach(remark -> findings.add(Finding.warning(where() + remark, "")));
        findings.addAll(foreignOwners(sources));
        return findings;
    }

    /** As which values can travel, by the types of the target's columns (RULES S15). */
    ValueFormat values() {
        return values;
    }

    private List<Finding> sharedTargets(List<TableSchema> sources) {
        if (config.target().tables().allowMerge()) {
            return List.of();
        }
        Map<TableName, List<TableName>> byTarget = new TreeMap<>();
        for (TableSchema source : sources) {
            byTarget.computeIfAbsent(options.mapping().target(source.name()), name -> new ArrayList<>())
                    .add(source.name());
        }
        return byTarget.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> Finding.error(
                        "target.table maps "
                                + entry.getValue().stream()
                                        .map(TableName::toString)
                                        .collect(joining(", "))
                                + " to one table, " + entry.getKey(),
                        "use a template such as ${schema}_${table}"))
                .toList();
    }

    /** A superuser that writes into a table runs the triggers and defaults of its owner (RULES S24). */
    private List<Finding> foreignOwners(List<TableSchema> sources) throws SQLException {
        List<TableName> targets = sources.stream()
                .map(source -> options.mapping().target(source.name()))
                .toList();
        List<Finding> findings = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(OWNED_BY_OTHERS)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", targets.stream().map(TableName::schema).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", targets.stream().map(TableName::table).toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    findings.add(Finding.warning(
                            where() + "table " + row.getString(1) + " belongs to role \"" + row.getString(2)
                                    + "\", and we write as a superuser: its triggers would run with all power",
                            "write as a role without SUPERUSER"));
                }
            }
        }
        return findings;
    }

    private String where() {
        return "target " + config.target().connection().name() + ": ";
    }
}
