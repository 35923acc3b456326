package io.sluice.job.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import io.sluice.testkit.TcpProxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An append-only table without key shows every row that is lost or comes twice. */
class ExactlyOnceIT {
    @TempDir
    Path folder;

    @Test
    @DisplayName("no row is lost, none comes twice, whatever is killed or cut")
    void everyFault() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ExactlyOnceIT seed " + seed);
        Random random = new Random(seed);
        try (PostgresServer source = PostgresServer.durable(15, Map.of());
                PostgresServer target = PostgresServer.durable(15, Map.of());
                TcpProxy toSource = TcpProxy.to("127.0.0.1", source.port());
                TcpProxy toTarget = TcpProxy.to("127.0.0.1", target.port());
                Cluster cluster = Cluster.start(folder)) {
            source.execute(
                    "postgres",
                    "create table log(n bigint, who text, at timestamptz default now())",
                    "create table account(id int primary key, balance bigint)",
                    "insert into log select -i, 'before' from generate_series(1, 50000) i",
                    "insert into account select i, 0 from generate_series(1, 100) i");
            Writer writer = new Writer(source);
            writer.start();
            try {
                JobID job = cluster.submit(PipelineFile.between(toSource.port(), toTarget.port())
                        .with("target.primary-key-required", "false")
                        .parse());
                List<Fault> faults = List.of(
                        () -> cluster.killTaskManager(random.nextInt(2)),
                        () -> cluster.failOverJobManager(job),
                        toSource::cut,
                        toTarget::cut,
                        () -> restart(target),
                        () -> restart(source));
                for (int round = 0; round < 2 * faults.size(); round++) {
                    cluster.awaitCheckpoints(job, 1 + random.nextInt(2));
                    faults.get(round % faults.size()).strike();
                }
                cluster.awaitCheckpoints(job, 2);
            } finally {
                writer.end();
            }
            Sides sides = new Sides(source, target);
            sides.awaitCaughtUp();
            assertThat(target.query("postgres", "select count(*), count(distinct n) from log"))
                    .isEqualTo(source.query("postgres", "select count(*), count(distinct n) from log"));
            sides.assertSame("log", "n, who, at", "n");
            sides.assertSame("account", "id, balance", "id");
            sides.assertStagingIsFree();
        }
    }

    private static void restart(PostgresServer server) throws Exception {
        server.kill9();
        server.start();
    }

    @FunctionalInterface
    private interface Fault {
        void strike() throws Exception;
    }

    /** Writes small transactions until it is told to end; a transaction of unknown outcome is written under a new number. */
    private static final class Writer extends Thread {
        private final PostgresServer source;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicLong number = new AtomicLong();

        Writer(PostgresServer source) {
            super("load");
            this.source = source;
        }

        @Override
        public void run() {
            while (!ended.get()) {
                try (Connection connection = source.connect("postgres")) {
                    write(connection);
                } catch (SQLException e) {
                    Await.until(Duration.ofSeconds(60), "the source to be back", () -> {
                        source.query("postgres", "select 1");
                        return true;
                    });
                }
            }
        }

        void end() throws InterruptedException {
            ended.set(true);
            join();
        }

        private void write(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
            try (PreparedStatement log = connection.prepareStatement("insert into log values (?, 'load')");
                    PreparedStatement move =
                            connection.prepareStatement("update account set balance = balance + ? where id = ?")) {
                while (!ended.get()) {
                    for (int i = 0; i < 5; i++) {
                        long n = number.incrementAndGet();
                        log.setLong(1, n);
                        log.executeUpdate();
                        move.setLong(1, n);
                        move.setLong(2, 1 + n % 100);
                        move.executeUpdate();
                    }
                    connection.commit();
                }
            }
        }
    }
}
