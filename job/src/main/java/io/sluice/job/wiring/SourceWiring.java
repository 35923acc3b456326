package io.sluice.job.wiring;

import static java.util.stream.Collectors.joining;

import io.sluice.flink.source.PostgresSource;
import io.sluice.flink.source.PostgresSourceBuilder;
import io.sluice.flink.source.option.LogSettings;
import io.sluice.flink.source.option.SlotCreation;
import io.sluice.flink.source.option.SlotRequest;
import io.sluice.flink.source.option.StartupMode;
import io.sluice.flink.source.option.StopConditions;
import io.sluice.flink.source.option.TableSelection;
import io.sluice.job.config.NamePattern;
import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.SlotConfig;
import io.sluice.job.config.SourceConfig;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.replication.Plugin;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.jspecify.annotations.Nullable;

/** How a pipeline reads. */
public final class SourceWiring {
    private SourceWiring() {}

    /** @param values as which values travel; BINARY where that is safe */
    public static PostgresSource<ChangeBatch> source(PipelineConfig config, ValueFormat values) {
        SourceConfig source = config.source();
        PostgresSourceBuilder<ChangeBatch> builder = PostgresSource.builder()
                .connection(ConnectionWiring.settings(source.connection()))
                .pipeline(config.pipeline().name())
                .tables(new ConfiguredTables(source.tables()))
                .chunkBytes(source.snapshot().chunkBytes().getBytes())
                .buckets(config.target().delivery().parallelism().max())
                .keepCheckpoints(config.flinkConfiguration().get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS))
                .values(values);
        if (config.target().tables().primaryKeyRequired()) {
            builder.requireKeys();
        } else {
            builder.allowKeyless();
        }
        if (source.method() == ReplicationMethod.FULL_TABLE) {
            return builder.fullTable().build();
        }
        return builder.logBased(log(source.log()))
                .stop(new StopConditions(
                        source.log().stop().noDataFor(), source.log().stop().atEndLsn()))
                .resumePoint(new LedgerResumePoint(
                        ConnectionWiring.settings(config.target().connection()),
                        config.pipeline().name(),
                        config.pipeline().stagingSchema()))
                .build();
    }

    private static LogSettings log(SourceConfig.Log log) {
        SlotConfig slot = log.slot();
        return new LogSettings(
                new SlotRequest(
                        slot.name(),
                        slot.creation() == SlotConfig.Creation.AUTO ? SlotCreation.AUTO : SlotCreation.NEVER,
                        plugin(slot.plugin()),
                        slot.publication()),
                log.walSenderTimeout().duration(),
                switch (log.startup()) {
                    case INITIAL -> StartupMode.INITIAL;
                    case STREAM_ONLY -> StartupMode.STREAM_ONLY;
                    case SNAPSHOT_ONLY -> StartupMode.SNAPSHOT_ONLY;
                });
    }

    private static @Nullable Plugin plugin(SlotConfig.@Nullable Plugin plugin) {
        if (plugin == null) {
            return null;
        }
        return plugin == SlotConfig.Plugin.PGOUTPUT ? Plugin.PGOUTPUT : Plugin.WAL2JSON;
    }

    private record ConfiguredTables(SourceConfig.Tables tables) implements TableSelection {
        private static final long serialVersionUID = 1;

        @Override
        public boolean selects(TableName table) {
            return tables.selects(new io.sluice.job.config.TableName(table.schema(), table.table()));
        }

        /** With several schemas a table that is given by name has to be in one of them only. */
        @Override
        public Set<TableName> named() {
            Set<TableName> named = new HashSet<>();
            if (tables.schemas().size() == 1 && tables.schemas().get(0) instanceof NamePattern.Exact schema) {
                for (NamePattern table : tables.tables()) {
                    if (table instanceof NamePattern.Exact exact) {
                        named.add(new TableName(schema.name(), exact.name()));
                    }
                }
            }
            return named;
        }

        @Override
        public String description() {
            return "table " + listed(tables.tables()) + " in schema " + listed(tables.schemas());
        }

        private static String listed(List<NamePattern> patterns) {
            return patterns.stream().map(NamePattern::toString).collect(joining(", "));
        }
    }
}
