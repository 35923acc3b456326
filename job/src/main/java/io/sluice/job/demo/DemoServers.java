package io.sluice.job.demo;

import io.sluice.testkit.PostgresServer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A source and a target, as somebody would run them: what is committed survives a crash. */
record DemoServers(PostgresServer source, PostgresServer target) implements AutoCloseable {
    private static final int MAJOR = 17;

    private static final Map<String, String> SETTINGS =
            Map.of("shared_buffers", "256MB", "max_wal_size", "8GB", "maintenance_work_mem", "128MB");

    static DemoServers start() {
        CompletableFuture<PostgresServer> target =
                CompletableFuture.supplyAsync(() -> PostgresServer.durable(MAJOR, SETTINGS));
        PostgresServer source;
        try {
            source = PostgresServer.durable(MAJOR, SETTINGS);
        } catch (RuntimeException e) {
            target.thenAccept(PostgresServer::close);
            throw e;
        }
        try {
            return new DemoServers(source, target.join());
        } catch (CompletionException e) {
            source.close();
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** The pipeline's file. */
    String yaml() {
        return """
                pipeline:
                  name: demo
                  checkpoint-interval: 500 ms
                source:
                  connection-name: source
                  host: %s
                  port: %d
                  username: %s
                  password: %s
                  database-name: %s
                  schema: shop
                  table: /.*/
                  replication-method: LOG_BASED
                target:
                  connection-name: target
                  host: %s
                  port: %d
                  username: %s
                  password: %s
                  database-name: %s
                  schema: shop
                  table: ${table}
                  hard-delete: true
                  parallelism: 2
                flink:
                  restart-strategy.exponential-delay.initial-backoff: 200 ms
                """.formatted(
                        source.host(),
                        source.port(),
                        PostgresServer.USER,
                        PostgresServer.PASSWORD,
                        Shop.DATABASE,
                        target.host(),
                        target.port(),
                        PostgresServer.USER,
                        PostgresServer.PASSWORD,
                        Shop.DATABASE);
    }

    @Override
    public void close() {
        try {
            target.close();
        } finally {
            source.close();
        }
    }
}
