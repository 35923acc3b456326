package io.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of our own on loopback, ready for logical decoding.
 *
 * <p>Starting and stopping is not thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "postgres";
    public static final String PASSWORD = "loopback-only";

    private final int major;
    private final Instance instance;
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresServer(int major, Instance instance) {
        this.major = major;
        this.instance = instance;
    }

    /**
     * A fresh server that survives its own crash: fsync and synchronous_commit stay on.
     *
     * @param settings lines of {@code postgresql.conf} over the testkit's own
     */
    public static PostgresServer durable(int major, Map<String, String> settings) {
        return start(Installation.embedded(major), settings);
    }

    /** A fresh server for tests that crash no machine: it does not wait for the disk. */
    public static PostgresServer quick(int major) {
        return quick(major, Map.of());
    }

    /** @param settings lines of {@code postgresql.conf} over the testkit's own */
    public static PostgresServer quick(int major, Map<String, String> settings) {
        return durable(major, ServerSettings.over(ServerSettings.QUICK, settings));
    }

    /**
     * A fresh, durable server made with the programs of the {@link #localInstall()}.
     *
     * @param settings lines of {@code postgresql.conf} over the testkit's own
     * @throws IllegalStateException when PostgreSQL is not installed on this machine
     */
    public static PostgresServer local(Map<String, String> settings) {
        return start(
                Installation.local()
                        .orElseThrow(
                                () -> new IllegalStateException("no installed PostgreSQL was found by pg_config, on"
                                        + " PATH or in /usr/lib/postgresql; install one, such as postgresql-15")),
                settings);
    }

    /**
     * A fresh server in a container; needs a Docker engine and {@code testcontainers-postgresql} on the class path.
     *
     * @param image such as {@code postgres:17}; its tag begins with the major version
     * @param settings lines of {@code postgresql.conf} over the testkit's own
     */
    public static PostgresServer container(String image, Map<String, String> settings) {
        try {
            ContainerInstance instance = ContainerInstance.start(image, settings);
            try {
                return new PostgresServer(Integer.parseInt(image.replaceFirst(".*:(\\d+).*", "$1")), instance);
            } catch (NumberFormatException e) {
                instance.close();
                throw new IllegalArgumentException("the tag of image \"" + image + "\" is no version", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a container of " + image, e);
        }
    }

    /** The folder of {@code initdb} and {@code pg_ctl} of an installed PostgreSQL, one with wal2json before others. */
    public static Optional<Path> localInstall() {
        return Installation.local().map(Installation::bin);
    }

    /** True when a {@link #local} server can decode with wal2json. */
    public static boolean localHasWal2json() {
        return Installation.local().map(Installation::hasWal2json).orElse(false);
    }

    /** A client program such as {@code psql} or {@code pgbench}: of the {@link #localInstall()}, else on PATH. */
    public static Optional<Path> program(String name) {
        return localInstall()
                .map(bin -> bin.resolve(name))
                .filter(Files::isExecutable)
                .or(() -> Installation.onPath(name));
    }

    private static PostgresServer start(Installation installation, Map<String, String> settings) {
        try {
            return new PostgresServer(installation.major(), ProcessInstance.start(installation.bin(), settings));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL " + installation.major(), e);
        }
    }

    public int majorVersion() {
        return major;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return instance.port();
    }

    public Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host()});
        source.setPortNumbers(new int[] {port()});
        source.setDatabaseName(database);
        source.setUser(USER);
        source.setPassword(PASSWORD);
        return source.getConnection();
    }

    /** A new empty database; returns its name. */
    public String createDatabase() throws SQLException {
        String name = "db" + databases.incrementAndGet();
        execute("postgres", "create database " + name);
        return name;
    }

    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, their columns as text, NULL as the word {@code null}. */
    public List<List<String>> query(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int width = result.getMetaData().getColumnCount();
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= width; i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(List.copyOf(row));
            }
            return rows;
        }
    }

    /** Starts a stopped or killed server on its old data and port. */
    public void start() throws IOException {
        instance.start();
    }

    public void stopFast() throws IOException {
        instance.stopFast();
    }

    public void stopImmediate() throws IOException {
        instance.stopImmediate();
    }

    /** Kills the server with SIGKILL and waits until all its processes are gone. */
    public void kill9() throws IOException {
        instance.kill9();
    }

    @Override
    public void close() {
        instance.close();
    }
}
