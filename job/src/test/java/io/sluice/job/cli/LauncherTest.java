package io.sluice.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real script in a tree of its own, with a build and a Java that only tell how they were called. */
class LauncherTest {
    private static final Path SCRIPTS = Path.of("..", "bin");

    @TempDir
    private Path temporary;

    private Path tree;
    private Path tools;
    private Path builds;

    @BeforeEach
    void plant() throws IOException {
        tree = temporary.resolve("a folder with spaces");
        tools = Files.createDirectories(temporary.resolve("tools/bin"));
        builds = temporary.resolve("builds");
        Files.createDirectories(tree.resolve("bin"));
        for (String script : List.of("launch", "sluice")) {
            Files.copy(SCRIPTS.resolve(script), tree.resolve("bin").resolve(script));
            makeExecutable(tree.resolve("bin").resolve(script));
        }
        write("pom.xml", "");
        write("job/pom.xml", "");
        write("bench/pom.xml", "");
        write("connectors/core/pom.xml", "");
        write("job/src/main/Main.java", "");
        write("connectors/core/src/main/Core.java", "");
        write("library.jar", "");
        tool(
                "java",
                "if [ \"$1\" = -version ]; then echo 'openjdk version \"17.0.1\"' >&2; exit 0; fi\n"
                        + "printf '<%s>' \"$@\"");
        tool(
                "mvn",
                "echo built >> '" + builds + "'\nmkdir -p job/target\n"
                        + "printf %s \"$PWD/library.jar\" > job/target/classpath");
    }

    @Test
    void firstCallBuildsAndLaterOnesDoNot() throws Exception {
        assertThat(launch("check", "-c", "my file.yaml").output())
                .contains("building Sluice")
                .endsWith("<io.sluice.job.cli.SluiceCommand><check><-c><my file.yaml>");
        assertThat(launch("--help").output()).doesNotContain("building Sluice");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void classPathHasTheModuleFirstAndKeepsItsSpaces() throws Exception {
        assertThat(launch().output())
                .contains("<-cp><" + tree.toRealPath() + "/job/target/classes:" + tree.toRealPath() + "/library.jar>");
    }

    @Test
    void newerSourceOfAnyModuleBuildsAgain() throws Exception {
        launch();
        touchInFuture("connectors/core/src/main/Core.java");
        launch();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void changedPomBuildsAgain() throws Exception {
        launch();
        touchInFuture("connectors/core/pom.xml");
        launch();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void removedSourceBuildsAgain() throws Exception {
        launch();
        Files.delete(tree.resolve("job/src/main/Main.java"));
        touchInFuture("job/src/main");
        launch();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void lostLibraryBuildsAgain() throws Exception {
        launch();
        Files.delete(tree.resolve("library.jar"));
        launch();

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void failedBuildRunsNothingAndIsTriedAgain() throws Exception {
        tool("mvn", "echo built >> '" + builds + "'; echo 'it does not compile'; exit 1");

        Result result = launch("demo");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output())
                .contains("it does not compile", "the build failed")
                .doesNotContain("<demo>");
        launch("demo");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void olderJavaIsRefusedByItsNumber() throws Exception {
        tool("java", "echo 'java version \"1.8.0_402\"' >&2");

        Result result = launch("demo");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output()).contains("is Java 8; Sluice needs 17 or newer");
    }

    @Test
    void worksThroughALinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("sluice"), tree.resolve("bin/sluice"));

        assertThat(run(link.toString(), "--version").output()).endsWith("<--version>");
    }

    private Result launch(String... arguments) throws Exception {
        return run(tree.resolve("bin/sluice").toString(), arguments);
    }

    private record Result(int code, String output) {}

    private Result run(String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(temporary, "output", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the script ends").isTrue();
        return new Result(process.exitValue(), Files.readString(output));
    }

    private int builds() throws IOException {
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    private void write(String path, String text) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void tool(String name, String script) throws IOException {
        Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
        makeExecutable(tools.resolve(name));
    }

    /** File systems keep times to some milliseconds only. */
    private void touchInFuture(String path) throws IOException {
        Files.setLastModifiedTime(
                tree.resolve(path), FileTime.from(Instant.now().plusSeconds(60)));
    }

    private static void makeExecutable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
