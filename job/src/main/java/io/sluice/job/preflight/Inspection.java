package io.sluice.job.preflight;

import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.util.Comparator;
import java.util.List;

/**
 * What a look at both servers showed.
 *
 * @param findings the gravest first
 * @param tables of the source that are selected and can be read
 * @param values TEXT when a target column has another type than its source; else BINARY, where that is safe
 */
public record Inspection(List<Finding> findings, List<TableSchema> tables, ValueFormat values) {
    public Inspection {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
        tables = List.copyOf(tables);
    }

    public boolean hasErrors() {
        return findings.stream().anyMatch(Finding::isError);
    }
}
