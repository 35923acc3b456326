package io.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of our own on loopback, ready for logical decoding. As root it runs as another user, because the
 * server refuses root.
 *
 * <p>Not thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "postgres";
    public static final String PASSWORD = "loopback-only";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int major;
    private final Path bin;
    private final Path home;
    private final int port;
    private final Map<String, String> settings;
    private final Thread hook = new Thread(this::stopQuietly);

    private PostgresServer(int major, Map<String, String> settings) throws IOException {
        this.major = major;
        this.bin = PostgresBinaries.unpacked(major).resolve("bin");
        this.home = Files.createTempDirectory("sluice-pg-");
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = probe.getLocalPort();
        }
        this.settings = new TreeMap<>(settings);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /**
     * A fresh server that survives its own crash: fsync and synchronous_commit stay on.
     *
     * @param settings lines of {@code postgresql.conf} over the testkit's own
     */
    public static PostgresServer durable(int major, Map<String, String> settings) {
        return start(major, settings);
    }

    /** A fresh server for tests that crash nothing: it does not wait for the disk. */
    public static PostgresServer quick(int major) {
        return start(major, Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off"));
    }

    private static PostgresServer start(int major, Map<String, String> settings) {
        try {
            PostgresServer server = new PostgresServer(major, settings);
            server.initialize();
            Runtime.getRuntime().addShutdownHook(server.hook);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL " + major, e);
        }
    }

    public int majorVersion() {
        return major;
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    public Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host()});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(USER);
        source.setPassword(PASSWORD);
        return source.getConnection();
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
        run("pg_ctl", "-D", data(), "-l", home.resolve("log").toString(), "-w", "-t", "60", "start");
    }

    public void stopFast() throws IOException {
        run("pg_ctl", "-D", data(), "-m", "fast", "-w", "stop");
    }

    public void stopImmediate() throws IOException {
        run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    }

    /** Kills the postmaster with SIGKILL and waits until it and all its backends are gone. */
    public void kill9() throws IOException {
        ProcessHandle postmaster = postmaster();
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        postmaster.destroyForcibly();
        Await.until(PATIENCE, "the killed server's processes to end", () -> all.stream()
                .noneMatch(ProcessHandle::isAlive));
        Files.deleteIfExists(home.resolve("data").resolve("postmaster.pid"));
    }

    @Override
    public void close() {
        stopQuietly();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void stopQuietly() {
        try {
            if (Files.exists(home.resolve("data").resolve("postmaster.pid"))) {
                stopImmediate();
            }
            Folders.delete(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop the server in " + home, e);
        }
    }

    private ProcessHandle postmaster() throws IOException {
        List<String> lines = Files.readAllLines(home.resolve("data").resolve("postmaster.pid"));
        return ProcessHandle.of(Long.parseLong(lines.get(0)))
                .orElseThrow(() -> new IllegalStateException("the server in " + home + " does not run"));
    }

    private void initialize() throws IOException {
        Path password = Files.writeString(home.resolve("password"), PASSWORD);
        run(
                "initdb",
                "-D",
                data(),
                "-U",
                USER,
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
                "--pwfile=" + password,
                "--no-sync");
        Map<String, String> all = new TreeMap<>(Map.of(
                "wal_level", "logical",
                "max_replication_slots", "20",
                "max_wal_senders", "20",
                "max_prepared_transactions", "10",
                "listen_addresses", "127.0.0.1",
                "port", Integer.toString(port),
                "unix_socket_directories", "",
                "shared_buffers", "64MB"));
        all.putAll(settings);
        List<String> command = new ArrayList<>();
        all.forEach((name, value) -> command.add(name + " = '" + value.replace("'", "''") + "'"));
        // Written by the server's own user, whom the data folder belongs to.
        run(
                "sh",
                "-c",
                "cat >> \"$1\" <<'END'\n" + String.join("\n", command) + "\nEND",
                "sh",
                data() + "/postgresql.conf");
    }

    private String data() {
        return home.resolve("data").toString();
    }

    private void run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.add(program.equals("sh") ? "sh" : bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("sluice-pg-", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                Path log = home.resolve("log");
                throw new IOException(program + " failed: " + Files.readString(output)
                        + (Files.exists(log) ? Files.readString(log) : ""));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + program, e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
