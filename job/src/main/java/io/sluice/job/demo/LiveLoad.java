package io.sluice.job.demo;

import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * People at work in the shop, on several connections at once: new orders, changed and deleted ones, keys that change,
 * long texts whose rows change around them, and now and then a transaction of many rows.
 */
final class LiveLoad implements AutoCloseable {
    private static final int CLERKS = 3;
    private static final int BULK_ROWS = 200_000;

    /** Between two transactions of one clerk, so that the load leaves something of two cores to everybody. */
    private static final long PAUSE_NANOS = 2_000_000;

    private final PostgresServer source;
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final Crew crew = new Crew();
    private volatile boolean open = true;

    private LiveLoad(PostgresServer source) {
        this.source = source;
    }

    static LiveLoad start(PostgresServer source) {
        LiveLoad load = new LiveLoad(source);
        for (int clerk = 0; clerk < CLERKS; clerk++) {
            int number = clerk;
            load.crew.start("demo-clerk-" + number, () -> load.serve(number));
        }
        return load;
    }

    long transactions() {
        return transactions.get();
    }

    /** Rows inserted, updated and deleted. */
    long changes() {
        return changes.get();
    }

    /** One transaction that inserts many rows, then changes and deletes some of them. */
    void bulk() {
        crew.start("demo-bulk", this::serveBulk);
    }

    /** Ends all transactions that run, by COMMIT. */
    @Override
    public void close() throws SQLException {
        open = false;
        crew.join();
    }

    private void serve(int clerk) throws SQLException {
        SplittableRandom random = new SplittableRandom(clerk);
        long nextOrder = Shop.ORDERS + 1L + clerk;
        try (Connection connection = source.connect(Shop.DATABASE);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (open) {
                int chance = random.nextInt(100);
                if (chance < 55) {
                    order(statement, nextOrder, random);
                    nextOrder += CLERKS;
                } else if (chance < 80) {
                    change(statement, random);
                } else if (chance < 90) {
                    cancel(statement, random);
                } else {
                    rename(statement, clerk, random);
                }
                connection.commit();
                transactions.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void order(Statement statement, long id, SplittableRandom random) throws SQLException {
        long customer = 1 + random.nextInt(Shop.CUSTOMERS);
        execute(
                statement,
                "INSERT INTO shop.orders VALUES (" + id + ", " + customer + ", clock_timestamp(), 0, 19.90, NULL)");
        execute(
                statement,
                "INSERT INTO shop.order_items SELECT " + id + ", l, 'SKU-' || l, 1, 9.95 FROM generate_series(1, 2) l");
        execute(statement, "UPDATE shop.customers SET balance = balance - 19.90 WHERE id = " + customer);
    }

    private void change(Statement statement, SplittableRandom random) throws SQLException {
        execute(
                statement,
                "UPDATE shop.orders SET status = (status + 1) % 5, note = 'changed' WHERE id = "
                        + (1 + random.nextInt(Shop.ORDERS)));
        // The long body stays as it is, so it is not sent.
        execute(
                statement,
                "UPDATE shop.documents SET version = version + 1 WHERE id = " + (1 + random.nextInt(Shop.DOCUMENTS)));
    }

    private void cancel(Statement statement, SplittableRandom random) throws SQLException {
        long order = 1 + random.nextInt(Shop.ORDERS);
        execute(statement, "DELETE FROM shop.order_items WHERE order_id = " + order);
        execute(statement, "DELETE FROM shop.orders WHERE id = " + order);
    }

    /** Changes keys; each clerk in a part of its own, so that no two meet. */
    private void rename(Statement statement, int clerk, SplittableRandom random) throws SQLException {
        int product = random.nextInt(Shop.PRODUCTS / CLERKS) * CLERKS + clerk;
        execute(
                statement,
                "UPDATE shop.products SET sku = CASE WHEN sku LIKE 'NEW-%' THEN 'SKU-" + product + "' ELSE 'NEW-"
                        + product + "' END, stock = stock - 1 WHERE sku IN ('SKU-" + product + "', 'NEW-" + product
                        + "')");
        if (random.nextInt(10) > 0) {
            return;
        }
        // With a body that is not sent: the new row has to take it from the old one.
        int document = random.nextInt(Shop.DOCUMENTS / CLERKS) * CLERKS + clerk;
        execute(
                statement,
                "UPDATE shop.documents SET id = CASE WHEN id >= 1000000 THEN id - 1000000 ELSE id + 1000000 END WHERE"
                        + " id IN (" + document + ", " + (document + 1_000_000) + ")");
    }

    private void serveBulk() throws SQLException {
        try (Connection connection = source.connect(Shop.DATABASE);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            execute(
                    statement,
                    "INSERT INTO shop.events SELECT md5('bulk' || i)::uuid, clock_timestamp(), 'bulk', NULL, NULL, NULL"
                            + " FROM generate_series(1, " + BULK_ROWS + ") i");
            execute(
                    statement,
                    "UPDATE shop.events SET kind = 'changed' WHERE id IN (SELECT md5('bulk' || i)::uuid"
                            + " FROM generate_series(1, " + BULK_ROWS + ", 20) i)");
            execute(
                    statement,
                    "DELETE FROM shop.events WHERE id IN (SELECT md5('bulk' || i)::uuid FROM generate_series(1, "
                            + BULK_ROWS + ", 40) i)");
            connection.commit();
            transactions.incrementAndGet();
        }
    }

    private void execute(Statement statement, String sql) throws SQLException {
        changes.addAndGet(statement.executeUpdate(sql));
    }
}
