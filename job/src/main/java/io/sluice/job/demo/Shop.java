package io.sluice.job.demo;

import io.sluice.postgres.change.TableName;
import io.sluice.testkit.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A shop's tables: related, with values of many types, composite and textual keys, and texts long enough to be stored
 * out of line.
 */
final class Shop {
    static final String DATABASE = "shop";
    static final String SCHEMA = "shop";

    static final int CUSTOMERS = 250_000;
    static final int PRODUCTS = 20_000;
    static final int ORDERS = 800_000;
    static final int ITEMS_PER_ORDER = 2;
    static final int EVENTS = 600_000;
    static final int DOCUMENTS = 500;

    /** What is copied, the probe of the delay included. */
    static final List<TableName> TABLES = List.of(
            table("customers"),
            table("products"),
            table("orders"),
            table("order_items"),
            table("events"),
            table("documents"),
            table("probe"));

    private static final String[] SCHEMA_DDL = {
        "CREATE SCHEMA shop",
        """
        CREATE TABLE shop.customers (
            id bigint, name text NOT NULL, email varchar(80) NOT NULL, born date, balance numeric(12,2) NOT NULL,
            active boolean NOT NULL, tags text[] NOT NULL, profile jsonb NOT NULL, created timestamptz NOT NULL)""",
        """
        CREATE TABLE shop.products (
            sku text, title text NOT NULL, price numeric(10,2) NOT NULL, weight double precision, stock int NOT NULL,
            photo bytea)""",
        """
        CREATE TABLE shop.orders (
            id bigint, customer bigint NOT NULL, placed timestamptz NOT NULL, status smallint NOT NULL,
            total numeric(12,2) NOT NULL, note text)""",
        """
        CREATE TABLE shop.order_items (
            order_id bigint, line smallint, sku text NOT NULL, quantity int NOT NULL, price numeric(10,2) NOT NULL)""",
        """
        CREATE TABLE shop.events (
            id uuid, at timestamp NOT NULL, kind text NOT NULL, payload jsonb, duration interval, digest bytea)""",
        "CREATE TABLE shop.documents (id int, version int NOT NULL, body text NOT NULL)",
        "ALTER TABLE shop.documents ALTER body SET STORAGE EXTERNAL",
        "CREATE TABLE shop.probe (id bigint PRIMARY KEY)"
    };

    private static final String[] CUSTOMER_DATA = {
        "INSERT INTO shop.customers SELECT i, 'customer ' || i, 'c' || i || '@example.com', date '1940-01-01' + i % 25000,"
                + " (i % 100000) / 100.0, i % 7 <> 0, ARRAY['t' || i % 10, 'u' || i % 3],"
                + " jsonb_build_object('visits', i % 50, 'city', 'city ' || i % 900),"
                + " timestamptz '2020-01-01 00:00Z' + i * interval '1 minute'"
                + " FROM generate_series(1, " + CUSTOMERS + ") i",
        "ALTER TABLE shop.customers ADD PRIMARY KEY (id)",
        "INSERT INTO shop.products SELECT 'SKU-' || i, 'product ' || i, 1 + i % 500, i / 7.0, 1000,"
                + " CASE WHEN i % 10 = 0 THEN decode(repeat(md5(i::text), 8), 'hex') END"
                + " FROM generate_series(1, " + PRODUCTS + ") i",
        "ALTER TABLE shop.products ADD PRIMARY KEY (sku)",
        "INSERT INTO shop.documents SELECT i, 1, repeat(md5(i::text), 300) FROM generate_series(1, " + DOCUMENTS
                + ") i",
        "ALTER TABLE shop.documents ADD PRIMARY KEY (id)",
        "INSERT INTO shop.events SELECT md5(i::text)::uuid, timestamp '2024-01-01' + i * interval '1 second',"
                + " 'kind ' || i % 12, CASE WHEN i % 3 = 0 THEN jsonb_build_object('n', i, 'deep', jsonb_build_array(i, null)) END,"
                + " i % 1000 * interval '1 millisecond', decode(md5((i * 3)::text), 'hex')"
                + " FROM generate_series(1, " + EVENTS + ") i",
        "ALTER TABLE shop.events ADD PRIMARY KEY (id)"
    };

    private static final String[] ORDER_DATA = {
        "INSERT INTO shop.orders SELECT i, 1 + i % " + CUSTOMERS
                + ", timestamptz '2023-01-01 00:00Z' + i * interval '9 second',"
                + " i % 5, (i % 50000) / 100.0, CASE WHEN i % 4 = 0 THEN 'leave it at the door, bell ' || i % 40 END"
                + " FROM generate_series(1, " + ORDERS + ") i",
        "ALTER TABLE shop.orders ADD PRIMARY KEY (id)",
        "INSERT INTO shop.order_items SELECT i, l, 'SKU-' || 1 + (i * 7 + l) % " + PRODUCTS + ", 1 + i % 4, 1 + i % 500"
                + " FROM generate_series(1, " + ORDERS + ") i, generate_series(1, " + ITEMS_PER_ORDER + ") l",
        "ALTER TABLE shop.order_items ADD PRIMARY KEY (order_id, line)"
    };

    private Shop() {}

    /** Makes database, tables and rows; two sessions, because there are two cores at least. */
    static void open(PostgresServer server) throws SQLException {
        server.execute("postgres", "CREATE DATABASE " + DATABASE);
        server.execute(DATABASE, SCHEMA_DDL);
        CompletableFuture<Void> customers = CompletableFuture.runAsync(() -> run(server, CUSTOMER_DATA));
        try {
            server.execute(DATABASE, ORDER_DATA);
        } finally {
            customers.join();
        }
        server.execute(DATABASE, "ANALYZE");
    }

    private static void run(PostgresServer server, String[] statements) {
        try {
            server.execute(DATABASE, statements);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    /** Rows in all tables, and the tables' bytes on disk. */
    static Size size(PostgresServer server) throws SQLException {
        long rows = 0;
        long bytes = 0;
        for (TableName table : TABLES) {
            List<String> row = server.query(
                            DATABASE,
                            "SELECT count(*), pg_table_size('" + table.schema() + "." + table.table() + "') FROM "
                                    + table.schema() + "." + table.table())
                    .get(0);
            rows += Long.parseLong(row.get(0));
            bytes += Long.parseLong(row.get(1));
        }
        return new Size(rows, bytes);
    }

    record Size(long rows, long bytes) {}

    private static TableName table(String name) {
        return new TableName(SCHEMA, name);
    }
}
