package io.sluice.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what the README's first pipeline tells to do, word for word but for the hosts. */
class ReadmeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    @Test
    void firstPipelineOfTheReadmeWorksAsItStandsThere() throws Exception {
        try (PostgresServer source = PostgresServer.quick(17);
                PostgresServer target = PostgresServer.quick(17)) {
            source.execute("postgres", "CREATE DATABASE shop");
            target.execute("postgres", "CREATE DATABASE warehouse");
            source.execute(
                    "shop",
                    "CREATE TABLE customers (id int PRIMARY KEY, name text)",
                    "CREATE TABLE orders (id int PRIMARY KEY, customer int)",
                    "INSERT INTO customers VALUES (1, 'a'), (2, 'b')",
                    "INSERT INTO orders VALUES (10, 1)");
            source.execute("shop", block("sql", 0));
            target.execute("warehouse", block("sql", 1));
            Path file = Files.writeString(
                    folder.resolve("orders.yaml"),
                    block("yaml", 0)
                            .replaceFirst("source.example.com\n  port: 5432", "127.0.0.1\n  port: " + source.port())
                            .replaceFirst("target.example.com\n  port: 5432", "127.0.0.1\n  port: " + target.port()));

            Process check = start("check", file);
            assertThat(check.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(check.exitValue()).as(output("check")).isZero();
            assertThat(output("check")).isEqualTo("ok: pipeline orders can run with 2 tables\n");

            Process run = start("run", file);
            try {
                Await.until(PATIENCE, "the stream", () -> output("run").contains("following"));
                source.execute("shop", "DELETE FROM orders", "UPDATE customers SET name = 'c' WHERE id = 2");
                Await.until(PATIENCE, "the changes in the target", () -> target.query(
                                "warehouse",
                                "SELECT id, name FROM shop.customers UNION ALL SELECT id, '' FROM shop.orders"
                                        + " ORDER BY 1")
                        .equals(List.of(List.of("1", "a"), List.of("2", "c"))));
            } finally {
                run.destroy();
                assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            assertThat(output("run")).contains("stopped; everything that was read is committed");
        }
    }

    private Process start(String command, Path file) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SluiceCommand.class.getName(),
                        command,
                        "-c",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command).toFile());
        builder.environment().put("SOURCE_PASSWORD", "change-me");
        builder.environment().put("TARGET_PASSWORD", "change-me");
        return builder.start();
    }

    private String output(String command) throws IOException {
        return Files.readString(folder.resolve(command));
    }

    private static String block(String language, int number) throws IOException {
        List<String> blocks = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        return blocks.get(number);
    }
}
