package io.sluice.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FullTableIT {
    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 16)
    static PostgresServer server;

    private static String database(int rows) throws Exception {
        String database = server.createDatabase();
        server.execute(
                database,
                "create table t(id int primary key, note text)",
                "create table log(at int, line text)",
                "create table empty(id int primary key)",
                "insert into t select i, repeat('x', 80) || i from generate_series(1, " + rows + ") i",
                "insert into log select i % 10, E'a\\tb\\\\' || i % 7 from generate_series(1, " + rows + ") i");
        return database;
    }

    private static void check(String database) throws Exception {
        StrictTarget.Content content = StrictTarget.of(database);
        assertThat(content.faults).isEmpty();
        assertThat(content.rows("public.t")).isEqualTo(SourceJob.sourceRows(server, database, "t", "id", "note"));
        assertThat(content.rows("public.log")).isEqualTo(SourceJob.sourceRows(server, database, "log", "at", "line"));
        assertThat(content.snapshots).containsKey("public.empty");
        SourceJob.awaitNoConnections(server, database);
    }

    @Test
    void boundedCopyGivesEachRowOnceAndEnds() throws Exception {
        String database = database(40_000);
        JobClient job = SourceJob.run(
                database,
                SourceJob.environment(100),
                SourceJob.source(server, database, "t", "log", "empty")
                        .allowKeyless()
                        .fullTable()
                        .build(),
                Stumble.times(database, 0, 0, 0));
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        check(database);
    }

    @Test
    @DisplayName("S5, S6: a copy that fails in the middle of chunks loses and repeats nothing")
    void failuresInTheMiddleOfChunks() throws Exception {
        String database = database(120_000);
        JobClient job = SourceJob.run(
                database,
                SourceJob.environment(20),
                SourceJob.source(server, database, "t", "log", "empty")
                        .allowKeyless()
                        .fullTable()
                        .build(),
                Stumble.times(database, 3, 2, 60));
        job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        assertThat(Stumble.left(database)).isZero();
        assertThat(StrictTarget.of(database).snapshotsTakenBack).isZero();
        assertThat(StrictTarget.of(database).chunksHalfReadAtRestore).isPositive();
        check(database);
    }
}
