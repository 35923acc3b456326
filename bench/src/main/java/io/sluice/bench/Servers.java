package io.sluice.bench;

import io.sluice.testkit.PostgresServer;
import java.sql.SQLException;
import java.util.Map;

/** A source and a target of our own, set as a server that keeps its promises is, and alike for everybody. */
final class Servers implements AutoCloseable {
    /** Of the databases that every server has. */
    static final String MAINTENANCE = "postgres";

    /** Autovacuum and timed checkpoints come at chance moments; both are off, and a checkpoint precedes each run. */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "shared_buffers", "1GB",
            "max_wal_size", "64GB",
            "checkpoint_timeout", "1d",
            "autovacuum", "off");

    private final PostgresServer source;
    private final PostgresServer target;

    private Servers(PostgresServer source, PostgresServer target) {
        this.source = source;
        this.target = target;
    }

    /** @param major version of embedded servers; 0 takes what is installed, or else 17 */
    static Servers start(int major) {
        PostgresServer source = server(major);
        try {
            return new Servers(source, server(major));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static PostgresServer server(int major) {
        if (major == 0 && PostgresServer.localInstall().isPresent()) {
            return PostgresServer.local(SETTINGS);
        }
        return PostgresServer.durable(major == 0 ? 17 : major, SETTINGS);
    }

    PostgresServer source() {
        return source;
    }

    PostgresServer target() {
        return target;
    }

    /** Brings both to the same state of rest, so that no run pays for what another one left behind. */
    void settle() throws SQLException {
        source.execute(MAINTENANCE, "CHECKPOINT");
        target.execute(MAINTENANCE, "CHECKPOINT");
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
