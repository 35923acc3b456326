package io.sluice.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static PostgresServer server;

    @TempDir
    private Path folder;

    @TempDir
    private Path temporary;

    private String source;
    private String target;

    @BeforeAll
    static void start() {
        server = PostgresServer.quick(16);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeDatabases() throws SQLException {
        source = server.createDatabase();
        target = server.createDatabase();
        server.execute(
                source,
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item SELECT i, 'n' || i FROM generate_series(1, 1000) i");
    }

    @Test
    void checkSaysOkAndMakesNothing() throws Exception {
        Result result = execute("check", "-c", file("LOG_BASED", server.port(), "item"));

        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output()).endsWith("can run with 1 table\n");
        assertThat(server.query(source, "SELECT 1 FROM pg_publication")).isEmpty();
        assertThat(server.query(target, "SELECT 1 FROM pg_namespace WHERE nspname = '_sluice'"))
                .isEmpty();
    }

    @Test
    void checkNamesWhatIsWrongAndWhatToDoInOneLine() throws Exception {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }

        Result result = execute("check", "-c", file("LOG_BASED", nobody, "item"));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output().lines().filter(line -> line.startsWith("error: ")))
                .singleElement()
                .asString()
                .contains("127.0.0.1:" + nobody, "check source.host and source.port");
    }

    @Test
    void wrongFileEndsWithTwoAndAllItsFaults() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), "source:\n  hots: x\n  port: many\n");

        for (String command : List.of("check", "run")) {
            Result result = execute(command, "-c", file.toString());

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.output()).contains("source.hots", "source.port", "many");
        }
    }

    @Test
    void missingFileAndWrongOptionsEndWithTwo() {
        assertThat(execute("run", "-c", "nowhere.yaml"))
                .extracting(Result::code, Result::output)
                .containsExactly(2, "nowhere.yaml does not exist; check the path given with -c\n");
        assertThat(execute("run").code()).isEqualTo(2);
        assertThat(execute("fly").code()).isEqualTo(2);
        assertThat(execute().code()).isEqualTo(2);
    }

    @Test
    void copyInAProcessOfItsOwnEndsWithZero() throws Exception {
        Process process = run(file("FULL_TABLE", server.port(), "item"));

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isZero();
        assertThat(output()).contains("web interface http://127.0.0.1:", "finished; everything is committed");
        assertThat(items(target)).isEqualTo(items(source));
    }

    @Test
    void pipelineThatCannotStartEndsWithOne() throws Exception {
        Process process = run(file("FULL_TABLE", server.port(), "missing"));

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output()).contains("error: ", "missing").doesNotContain("\tat ");
    }

    @Test
    void terminationCommitsAndTheNextRunGoesOn() throws Exception {
        String file = file("LOG_BASED", server.port(), "item");
        Process first = run(file);
        Await.until(PATIENCE, "the stream", () -> output().contains("following"));
        server.execute(source, "UPDATE item SET name = 'changed'", "INSERT INTO item VALUES (1001, 'late')");

        first.destroy();

        assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).as("128 + SIGTERM").isEqualTo(143);
        assertThat(output()).contains("stopped; everything that was read is committed");
        assertThat(server.query(source, "SELECT 1 FROM pg_replication_slots WHERE active"))
                .isEmpty();
        assertThat(temporary).as("checkpoints of a run that has ended").isEmptyDirectory();
        server.execute(source, "DELETE FROM item WHERE id <= 10");
        Files.writeString(Path.of(file), Files.readString(Path.of(file)).replace("#end", "break-at-end-lsn: true"));
        Process second = run(file);
        assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).as(output()).isZero();
        assertThat(output()).doesNotContain("copying");
        assertThat(items(target)).isEqualTo(items(source));
    }

    @Test
    void everyHelpTellsItsExitCodes() {
        for (String command : List.of("demo", "check", "run")) {
            assertThat(execute(command, "--help").output()).contains("Exit codes:", "\n   1   ");
        }
        assertThat(execute("--help").output()).contains("demo", "check", "run", "Exit codes:", "First steps:");
    }

    private record Result(int code, String output) {}

    private static Result execute(String... arguments) {
        StringWriter output = new StringWriter();
        CommandLine command = SluiceCommand.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(output, true));
        return new Result(command.execute(arguments), output.toString());
    }

    private Process run(String file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SluiceCommand.class.getName(),
                        "run",
                        "-c",
                        file)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    private static List<List<String>> items(String database) throws SQLException {
        return server.query(database, "SELECT id, name FROM item ORDER BY id");
    }

    private String file(String method, int sourcePort, String table) throws IOException {
        String yaml = """
                pipeline:
                  checkpoint-interval: 500 ms
                source:
                  connection-name: from
                  host: 127.0.0.1
                  port: %d
                  username: postgres
                  password: %s
                  database-name: %s
                  schema: public
                  table: %s
                  replication-method: %s
                  #end
                target:
                  connection-name: to
                  host: 127.0.0.1
                  port: %d
                  username: postgres
                  password: %s
                  database-name: %s
                  schema: public
                  table: ${table}
                  hard-delete: true
                """.formatted(
                        sourcePort,
                        PostgresServer.PASSWORD,
                        source,
                        table,
                        method,
                        server.port(),
                        PostgresServer.PASSWORD,
                        target);
        return Files.writeString(folder.resolve("pipeline.yaml"), yaml).toString();
    }
}
