package io.sluice.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class Command {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private Command() {}

    /**
     * What the program prints, errors too.
     *
     * @throws IOException when it cannot be started, does not end in time or ends with another status than 0; the
     *     message holds what it printed
     */
    static String output(Path folder, List<String> command) throws IOException {
        // A file, not a pipe: a server that pg_ctl leaves behind would hold a pipe open.
        Path output = Files.createTempFile("sluice-command-", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not end in " + PATIENCE.toSeconds() + " s; it printed: "
                        + Files.readString(output));
            }
            if (process.exitValue() != 0) {
                throw new IOException(command.get(0) + " ended with status " + process.exitValue() + "; it printed: "
                        + Files.readString(output));
            }
            return Files.readString(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.get(0), e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
