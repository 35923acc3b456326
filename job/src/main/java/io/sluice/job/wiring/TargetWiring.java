package io.sluice.job.wiring;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.RowHandling;
import io.sluice.job.config.SourceConfig;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import io.sluice.job.config.TargetConfig.Batching;
import io.sluice.job.config.TargetTables;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.option.TableMapping;
import io.sluice.postgres.change.TableName;

/** How a pipeline writes. */
public final class TargetWiring {
    private TargetWiring() {}

    public static ApplyOptions applyOptions(PipelineConfig config) {
        return new ApplyOptions(
                config.pipeline().name(),
                config.pipeline().stagingSchema(),
                new ConfiguredMapping(config.target().tables()),
                rows(config),
                flush(config.target().batching()));
    }

    private static RowOptions rows(PipelineConfig config) {
        RowHandling rows = config.target().rows();
        return new RowOptions(
                deletes(rows.deletes()),
                rows.truncate() == RowHandling.Truncate.APPLY ? TruncateMode.APPLY : TruncateMode.IGNORE,
                config.target().tables().primaryKeyRequired() ? KeyPolicy.REQUIRED : KeyPolicy.OPTIONAL,
                foreignRows(config.source()));
    }

    /**
     * Rows that others put into a target table cannot be told from ghosts of an earlier copy (RULES F4); where there is
     * no stream after the copy, or no copy, there are no ghosts.
     */
    private static ForeignRows foreignRows(SourceConfig source) {
        boolean copyThenStream =
                source.method() == ReplicationMethod.LOG_BASED && source.log().startup() == StartupMode.INITIAL;
        return copyThenStream ? ForeignRows.REFUSE : ForeignRows.MERGE;
    }

    private static DeleteMode deletes(RowHandling.Deletes deletes) {
        if (deletes.hard()) {
            return DeleteMode.REMOVE;
        }
        return deletes.metadataColumns() ? DeleteMode.MARK : DeleteMode.KEEP;
    }

    private static FlushPolicy flush(Batching batching) {
        return new FlushPolicy(
                batching.rows(),
                batching.bytes().getBytes(),
                batching.flushInterval(),
                batching.minTimeGap(),
                batching.flushAllStreams() ? FlushPolicy.Scope.ALL_TABLES : FlushPolicy.Scope.FULL_TABLE_ONLY);
    }

    private record ConfiguredMapping(TargetTables tables) implements TableMapping {
        private static final long serialVersionUID = 1;

        @Override
        public TableName target(TableName source) {
            io.sluice.job.config.TableName target =
                    tables.targetOf(new io.sluice.job.config.TableName(source.schema(), source.table()));
            return new TableName(target.schema(), target.table());
        }
    }
}
