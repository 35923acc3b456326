package io.sluice.flink.source;

import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes {@code t(id, note)} and {@code log(at, line)} in transactions of every sort, several at once, while the
 * body of a test runs: with savepoints, rolled back, long ones, changes of key.
 */
final class Writers {
    private static final int KEYS = 400;
    private static final int WRITERS = 3;

    private volatile boolean stopped;

    private Writers() {}

    /** What is done while they write. */
    interface Body {
        void run() throws Exception;
    }

    /** Returns when the body and all transactions have ended. */
    static void during(PostgresServer server, String database, long seed, Body body) throws Exception {
        System.out.println("writers of " + database + " have seed " + seed);
        Writers writers = new Writers();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(seed + i);
            running.add(threads.submit(() -> {
                writers.write(server, database, random);
                return null;
            }));
        }
        try {
            body.run();
        } finally {
            writers.stopped = true;
            threads.shutdown();
        }
        for (Future<?> writer : running) {
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    private void write(PostgresServer server, String database, Random random) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stopped) {
                try {
                    transaction(statement, random);
                    if (random.nextInt(8) == 0) {
                        connection.rollback();
                    } else {
                        connection.commit();
                    }
                } catch (SQLException e) {
                    // 40P01, a deadlock with another writer: this one gives way.
                    if (!"40P01".equals(e.getSQLState())) {
                        throw e;
                    }
                    connection.rollback();
                }
            }
        }
    }

    private static void transaction(Statement statement, Random random) throws SQLException {
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            int id = 1 + random.nextInt(KEYS);
            switch (random.nextInt(6)) {
                case 0 -> statement.execute("delete from t where id = " + id);
                case 1 -> statement.execute("update t set note = 'u" + random.nextInt() + "' where id = " + id);
                case 2 ->
                    statement.execute("update t set id = -" + id + " where id = " + id
                            + " and not exists (select 1 from t where id = -" + id + ")");
                case 3 -> {
                    statement.execute("savepoint s");
                    statement.execute("insert into log values (" + id + ", 'undone')");
                    statement.execute("rollback to savepoint s");
                }
                case 4 -> statement.execute("insert into log values (" + id + ", 'l" + random.nextInt() + "')");
                default ->
                    statement.execute("insert into t values (" + id + ", 'i" + random.nextInt()
                            + "') on conflict (id) do update set note = excluded.note");
            }
            if (random.nextInt(40) == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
            }
        }
    }
}
