package io.sluice.job.preflight;

import io.sluice.job.config.ConnectionConfig;
import io.sluice.job.config.PipelineConfig;
import io.sluice.job.wiring.ConnectionWiring;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at both servers before a pipeline starts; makes and changes nothing on either. */
public final class Preflight {
    private final PipelineConfig config;
    private final List<Finding> findings = new ArrayList<>();

    private Preflight(PipelineConfig config) {
        this.config = config;
    }

    /** Everything that was found, the gravest first; a pipeline with an error among them would fail. */
    public static List<Finding> run(PipelineConfig config) {
        return inspect(config).findings();
    }

    /** {@link #run}, and what it found out on the way. */
    public static Inspection inspect(PipelineConfig config) {
        return new Preflight(config).inspect();
    }

    private Inspection inspect() {
        config.warnings().forEach(warning -> findings.add(Finding.warning(warning, "")));
        List<TableSchema> tables = List.of();
        ValueFormat values = ValueFormat.BINARY;
        try (Connection source = open("source", config.source().connection());
                Connection target = open("target", config.target().connection())) {
            if (source != null) {
                SourceCheck.Result result = new SourceCheck(source, config).run();
                findings.addAll(result.findings());
                tables = result.tables();
            }
            if (target != null) {
                TargetCheck check = new TargetCheck(target, config);
                findings.addAll(check.findings(tables));
                values = check.values();
                if (source != null) {
                    findings.addAll(new LedgerCheck(source, target, config).findings());
                }
            }
        } catch (SQLException e) {
            findings.add(Finding.error("a server broke off the look at it: " + e.getMessage(), "try again"));
        }
        return new Inspection(findings, tables, values);
    }

    private @Nullable Connection open(String side, ConnectionConfig connection) {
        try {
            return Connections.query(
                    ConnectionWiring.settings(connection),
                    "sluice " + config.pipeline().name() + " check");
        } catch (SQLException | IllegalStateException e) {
            findings.add(ConnectionProblem.of(side, connection, e));
            return null;
        }
    }
}
