package io.sluice.job.local;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.config.SourceConfig;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.progress.Watch;
import io.sluice.job.progress.Watch.Course;
import io.sluice.job.wiring.ConnectionWiring;
import io.sluice.postgres.change.TableSchema;

/** Watches a pipeline that runs in this process. */
public final class PipelineWatch {
    private PipelineWatch() {}

    public static Watch of(PipelineConfig config, Inspection inspection, LiveMetrics metrics) {
        return new Watch(
                new Watch.Pipeline(
                        config.pipeline().name(),
                        config.pipeline().stagingSchema(),
                        ConnectionWiring.settings(config.source().connection()),
                        ConnectionWiring.settings(config.target().connection()),
                        inspection.tables().stream().map(TableSchema::name).toList(),
                        course(config.source())),
                new MetricCounts(metrics));
    }

    private static Course course(SourceConfig source) {
        if (source.method() == ReplicationMethod.FULL_TABLE) {
            return Course.COPY;
        }
        return switch (source.log().startup()) {
            case INITIAL -> Course.COPY_AND_FOLLOW;
            case STREAM_ONLY -> Course.FOLLOW;
            case SNAPSHOT_ONLY -> Course.COPY;
        };
    }

    private record MetricCounts(LiveMetrics metrics) implements Watch.Counts {
        @Override
        public long rowsCopied() {
            return metrics.sum("rowsCopied");
        }

        @Override
        public long changes() {
            return metrics.sum("changes");
        }

        @Override
        public long lastCommit() {
            return metrics.greatest("lastCommitTime");
        }
    }
}
