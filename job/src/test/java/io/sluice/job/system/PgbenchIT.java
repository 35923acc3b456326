package io.sluice.job.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real pgbench writes while the pipeline copies and streams. */
class PgbenchIT {
    private static final int SECONDS = 12;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    @DisplayName("live pgbench while tables are copied and streamed: pgoutput")
    void pgoutput(int major) throws Exception {
        try (PostgresServer source = PostgresServer.durable(major, Map.of("shared_buffers", "256MB"))) {
            underLoad(source, "pgoutput");
        }
    }

    @Test
    @DisplayName("live pgbench while tables are copied and streamed: wal2json")
    void wal2json(@Postgres(version = 15, wal2json = true, durable = true) PostgresServer source) throws Exception {
        underLoad(source, "wal2json");
    }

    private void underLoad(PostgresServer source, String plugin) throws Exception {
        Path pgbench = PostgresServer.program("pgbench").orElse(null);
        assumeTrue(pgbench != null, "skipped: pgbench is not installed (apt-get install postgresql-contrib)");
        try (PostgresServer target = PostgresServer.durable(source.majorVersion(), Map.of());
                Cluster cluster = Cluster.start(folder)) {
            run(pgbench, source, "-i", "-q", "-s", "10");
            Process load = start(pgbench, source, "-c", "4", "-j", "1", "-n", "-T", Integer.toString(SECONDS));
            JobID job = cluster.submit(PipelineFile.between(source, target)
                    .with("source.plugin", plugin)
                    .with("target.primary-key-required", "false")
                    .parse());
            cluster.awaitCheckpoints(job, 2);
            assertThat(load.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(load.exitValue()).isZero();
            Sides sides = new Sides(source, target);
            sides.awaitCaughtUp();
            sides.assertSame("pgbench_accounts", "aid, bid, abalance, filler", "aid");
            sides.assertSame("pgbench_tellers", "tid, bid, tbalance, filler", "tid");
            sides.assertSame("pgbench_branches", "bid, bbalance, filler", "bid");
            sides.assertSame("pgbench_history", "tid, bid, aid, delta, mtime, filler", "tid, bid, aid, mtime");
            cluster.cancel(job);
        }
    }

    private void run(Path pgbench, PostgresServer server, String... arguments) throws Exception {
        Process process = start(pgbench, server, arguments);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private Process start(Path pgbench, PostgresServer server, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(pgbench.toString()));
        command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(server.port()), "-U", PostgresServer.USER));
        command.addAll(List.of(arguments));
        command.add("postgres");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PGPASSWORD", PostgresServer.PASSWORD);
        Path output = Files.createTempFile(folder, "pgbench", ".out");
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }
}
