package io.sluice.bench;

import io.sluice.job.config.InvalidConfigException;
import io.sluice.job.config.PipelineConfig;
import io.sluice.job.local.LocalCluster;
import io.sluice.job.local.LocalJob;
import io.sluice.job.local.LocalPipeline;
import io.sluice.job.local.Outcome;
import io.sluice.job.preflight.Preflight;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pipeline as {@code sluice run} has it, on a cluster that runs already. */
final class SluiceReplication implements Contender {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Servers servers;
    private final LocalCluster cluster;
    private final Path folder;
    private final String name;
    private @Nullable PipelineConfig config;
    private @Nullable Connection target;
    private @Nullable LocalJob job;

    /** @param folder for checkpoints */
    SluiceReplication(Servers servers, LocalCluster cluster, Path folder, int run) {
        this.servers = servers;
        this.cluster = cluster;
        this.folder = folder.resolve("run-" + run);
        this.name = "sluice_" + run;
    }

    @Override
    public String name() {
        return "sluice";
    }

    @Override
    public void prepare(String targetDatabase) throws SQLException {
        try {
            config = PipelineConfig.parse(name + ".yaml", yaml(targetDatabase));
        } catch (InvalidConfigException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        target = servers.target().connect(targetDatabase);
    }

    @Override
    public void start() throws InterruptedException {
        job = LocalPipeline.submit(cluster, config, Preflight.inspect(config), LocalPipeline.options(config, folder));
    }

    @Override
    public boolean copied() throws Exception {
        failWhenEnded();
        return isTrue("SELECT to_regclass('_sluice.pipeline_table') IS NOT NULL")
                && isTrue("SELECT count(*) FILTER (WHERE state = 'COMPLETE') = 2 FROM _sluice.pipeline_table");
    }

    @Override
    public void pause() throws InterruptedException {
        Await.until(
                PATIENCE,
                "the pipeline to follow the log",
                () -> isTrue("SELECT count(*) = 1 FROM _sluice.pipeline WHERE lsn IS NOT NULL"));
        if (!job.stop(folder.resolve("last"), PATIENCE)) {
            throw new IllegalStateException("the pipeline did not stop in good order");
        }
    }

    @Override
    public void resume() throws InterruptedException {
        start();
    }

    @Override
    public void close() throws SQLException {
        try {
            if (job != null) {
                job.cancel(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (target != null) {
            target.close();
        }
        servers.source()
                .execute(
                        Accounts.DATABASE,
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                                + name + "'",
                        "DROP PUBLICATION IF EXISTS " + name);
    }

    private void failWhenEnded() throws InterruptedException {
        Optional<Outcome> outcome = job.await(Duration.ZERO);
        if (outcome.isPresent()) {
            throw new IllegalStateException("the pipeline ended: " + outcome.get());
        }
    }

    private boolean isTrue(String sql) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private String yaml(String targetDatabase) {
        PostgresServer s = servers.source();
        PostgresServer t = servers.target();
        return """
                pipeline:
                  name: %s
                  checkpoint-interval: 1 s
                source:
                  connection-name: source
                  host: %s
                  port: %d
                  username: %s
                  password: %s
                  database-name: %s
                  schema: public
                  table: [acc, marker]
                  replication-method: LOG_BASED
                  replication-slot: %s
                target:
                  connection-name: target
                  host: %s
                  port: %d
                  username: %s
                  password: %s
                  database-name: %s
                  schema: public
                  table: ${table}
                  hard-delete: true
                  batch-size: 50000
                """.formatted(
                        name,
                        s.host(),
                        s.port(),
                        PostgresServer.USER,
                        PostgresServer.PASSWORD,
                        Accounts.DATABASE,
                        name,
                        t.host(),
                        t.port(),
                        PostgresServer.USER,
                        PostgresServer.PASSWORD,
                        targetDatabase);
    }
}
