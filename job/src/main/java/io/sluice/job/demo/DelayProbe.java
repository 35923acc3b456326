package io.sluice.job.demo;

import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the delay as somebody outside sees it: a row is committed at the source, and the target is asked until it is
 * visible there.
 */
final class DelayProbe implements AutoCloseable {
    private static final long SEND_EVERY_NANOS = Duration.ofMillis(50).toNanos();
    private static final long ASK_EVERY_NANOS = Duration.ofMillis(5).toNanos();

    private final PostgresServer source;
    private final PostgresServer target;
    private final ConcurrentSkipListMap<Long, Long> underWay = new ConcurrentSkipListMap<>();
    private final List<Duration> delays = new ArrayList<>();
    private final Crew crew = new Crew();
    private volatile boolean sending = true;
    private volatile boolean asking = true;

    private DelayProbe(PostgresServer source, PostgresServer target) {
        this.source = source;
        this.target = target;
    }

    static DelayProbe start(PostgresServer source, PostgresServer target) {
        DelayProbe probe = new DelayProbe(source, target);
        probe.crew.start("demo-probe-send", probe::send);
        probe.crew.start("demo-probe-ask", probe::ask);
        return probe;
    }

    /** Sends no more; those under way are still waited for. */
    void stopSending() {
        sending = false;
    }

    /** The delays so far, shortest first. */
    List<Duration> delays() {
        synchronized (delays) {
            return delays.stream().sorted().toList();
        }
    }

    @Override
    public void close() throws SQLException {
        sending = false;
        asking = false;
        crew.join();
    }

    private void send() throws SQLException {
        try (Connection connection = source.connect(Shop.DATABASE);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO shop.probe VALUES (?)")) {
            for (long id = 1; sending; id++) {
                insert.setLong(1, id);
                insert.executeUpdate();
                underWay.put(id, System.nanoTime());
                LockSupport.parkNanos(SEND_EVERY_NANOS);
            }
        }
    }

    private void ask() throws SQLException {
        try (Connection connection = target.connect(Shop.DATABASE);
                PreparedStatement newest = connection.prepareStatement("SELECT max(id) FROM shop.probe")) {
            while (asking) {
                long seen;
                try (ResultSet row = newest.executeQuery()) {
                    row.next();
                    seen = row.getLong(1);
                }
                arrived(seen, System.nanoTime());
                LockSupport.parkNanos(ASK_EVERY_NANOS);
            }
        }
    }

    /** Commits become visible in order, so the newest row stands for all before it. */
    private void arrived(long newest, long now) {
        synchronized (delays) {
            Map.Entry<Long, Long> first = underWay.firstEntry();
            while (first != null && first.getKey() <= newest) {
                delays.add(Duration.ofNanos(now - first.getValue()));
                underWay.remove(first.getKey());
                first = underWay.firstEntry();
            }
        }
    }
}
