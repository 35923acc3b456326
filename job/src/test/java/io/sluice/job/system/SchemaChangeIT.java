package io.sluice.job.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaChangeIT {
    @Postgres(version = 16)
    static PostgresServer source;

    @Postgres(version = 15)
    static PostgresServer target;

    @TempDir
    Path folder;

    @Test
    @DisplayName("a column that is added while rows are followed ends the job with its name, and no restart is tried")
    void addedColumn() throws Exception {
        source.execute(
                "postgres", "create table item(id int primary key, note text)", "insert into item values (1, 'a')");
        try (Cluster cluster = Cluster.start(folder)) {
            JobID job = cluster.submit(PipelineFile.between(source, target).parse());
            new Sides(source, target).awaitCaughtUp();
            source.execute("postgres", "alter table item add column extra int", "insert into item values (2, 'b', 7)");
            assertThat(cluster.awaitFailure(job))
                    .contains("table public.item has changed")
                    .contains("extra");
            assertThat(target.query("postgres", "select id, note from item order by id"))
                    .containsExactly(java.util.List.of("1", "a"));
        }
    }
}
