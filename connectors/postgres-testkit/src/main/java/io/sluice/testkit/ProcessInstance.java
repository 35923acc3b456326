package io.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A server as processes of this machine. As root it runs as another user, because the server refuses root. */
final class ProcessInstance implements Instance {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path bin;
    private final Path home;
    private final Path data;
    private final int port;
    private final Thread hook = new Thread(this::end);

    private ProcessInstance(Path bin) throws IOException {
        this.bin = bin;
        this.home = Files.createTempDirectory("sluice-pg-");
        this.data = home.resolve("data");
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = probe.getLocalPort();
        }
        if (ROOT) {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    static ProcessInstance start(Path bin, Map<String, String> settings) throws IOException {
        ProcessInstance instance = new ProcessInstance(bin);
        Runtime.getRuntime().addShutdownHook(instance.hook);
        try {
            instance.initialize(settings);
            instance.start();
        } catch (IOException e) {
            instance.close();
            throw e;
        }
        return instance;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() throws IOException {
        Path log = home.resolve("log");
        try {
            run("pg_ctl", "-D", data.toString(), "-l", log.toString(), "-w", "-t", "60", "start");
        } catch (IOException e) {
            throw Files.exists(log) ? new IOException("the server's log: " + Files.readString(log), e) : e;
        }
    }

    @Override
    public void stopFast() throws IOException {
        run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
    }

    @Override
    public void stopImmediate() throws IOException {
        run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
    }

    @Override
    public void kill9() throws IOException {
        ProcessHandle postmaster = postmaster();
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        postmaster.destroyForcibly();
        Await.until(PATIENCE, "the killed server's processes to end", () -> all.stream()
                .noneMatch(ProcessHandle::isAlive));
        Files.deleteIfExists(pidFile());
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void end() {
        try {
            if (Files.exists(pidFile())) {
                stopImmediate();
            }
            Folders.delete(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot end the server in " + home, e);
        }
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    private ProcessHandle postmaster() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile()).get(0)))
                .orElseThrow(() -> new IllegalStateException("the server in " + home + " does not run"));
    }

    private void initialize(Map<String, String> settings) throws IOException {
        Path password = Files.writeString(home.resolve("password"), PostgresServer.PASSWORD);
        run(
                "initdb",
                "-D",
                data.toString(),
                "-U",
                PostgresServer.USER,
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
                "--pwfile=" + password,
                "--no-sync");
        Map<String, String> all = new TreeMap<>(ServerSettings.complete(settings));
        all.put("listen_addresses", "127.0.0.1");
        all.put("port", Integer.toString(port));
        all.put("unix_socket_directories", "");
        List<String> lines = new ArrayList<>();
        all.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        // Written by the server's own user, whom the data folder belongs to.
        List<String> append = new ArrayList<>(List.of("-c", "printf '%s\\n' \"$@\" >> data/postgresql.conf", "sh"));
        append.addAll(lines);
        run("sh", append.toArray(String[]::new));
    }

    private void run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        command.add(program.equals("sh") ? "sh" : bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        Command.output(home, command);
    }
}
