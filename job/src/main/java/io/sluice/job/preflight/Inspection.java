package io.sluice.job.preflight;

import io.sluice.postgres.change.TableSchema;
import java.util.Comparator;
import java.util.List;

/**
 * What a look at both servers showed.
 *
 * @param findings the gravest first
 * @param tables of the source that are selected and can be read
 * @param binary false when a target column has another type than its source, so that values have to travel as text
 */
public record Inspection(List<Finding> findings, List<TableSchema> tables, boolean binary) {
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
