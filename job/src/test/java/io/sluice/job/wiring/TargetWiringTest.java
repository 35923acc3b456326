package io.sluice.job.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.PipelineFile;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.change.TableName;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TargetWiringTest {
    @Test
    void everyKeyArrives() {
        ApplyOptions options = options(file().with("pipeline.name", "orders")
                .with("pipeline.staging-schema", "staging")
                .with("target.schema", "copy_${schema}")
                .with("target.table", "${table}_copy")
                .with("target.truncate", "ignore")
                .with("target.primary-key-required", "false")
                .with("target.batch-size", "123")
                .with("target.batch-bytes", "1 mb")
                .with("target.batch-flush-interval", "7")
                .with("target.batch-flush-min-time-gap", "3")
                .with("target.flush-all-streams", "true"));
        assertThat(options.pipeline()).isEqualTo("orders");
        assertThat(options.stagingSchema()).isEqualTo("staging");
        assertThat(options.mapping().target(new TableName("Shop", "Items")))
                .isEqualTo(new TableName("copy_Shop", "Items_copy"));
        assertThat(options.rows().truncates()).isEqualTo(TruncateMode.IGNORE);
        assertThat(options.rows().keys()).isEqualTo(KeyPolicy.OPTIONAL);
        assertThat(options.flush())
                .isEqualTo(new FlushPolicy(
                        123, 1 << 20, Duration.ofSeconds(7), Duration.ofSeconds(3), FlushPolicy.Scope.ALL_TABLES));
    }

    @Test
    void deletes() {
        assertThat(options(file()).rows().deletes()).isEqualTo(DeleteMode.KEEP);
        assertThat(options(file().with("target.add-metadata-columns", "true"))
                        .rows()
                        .deletes())
                .isEqualTo(DeleteMode.MARK);
        assertThat(options(file().with("target.hard-delete", "true")).rows().deletes())
                .isEqualTo(DeleteMode.REMOVE);
    }

    @Test
    @DisplayName("F4: rows of others are refused where a stream follows the copy, and only there")
    void rowsOfOthers() {
        assertThat(options(file()).rows().foreignRows()).isEqualTo(ForeignRows.REFUSE);
        assertThat(options(file().with("source.replication-method", "FULL_TABLE"))
                        .rows()
                        .foreignRows())
                .isEqualTo(ForeignRows.MERGE);
        assertThat(options(file().with("source.startup-mode", "stream-only"))
                        .rows()
                        .foreignRows())
                .isEqualTo(ForeignRows.MERGE);
    }

    private static ApplyOptions options(PipelineFile file) {
        return TargetWiring.applyOptions(file.config());
    }

    private static PipelineFile file() {
        return PipelineFile.of("a.example.com", "b.example.com");
    }
}
