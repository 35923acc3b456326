package io.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server's programs.
 *
 * @param bin the folder of {@code initdb} and {@code pg_ctl}
 */
record Installation(int major, Path bin) {
    private static final Path ROOT = Path.of("/");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    static Installation embedded(int major) {
        return new Installation(major, PostgresBinaries.unpacked(major).resolve("bin"));
    }

    /** What is installed on this machine: the first that has wal2json, else the first. */
    static Optional<Installation> local() {
        List<Installation> all = localFolders().stream()
                .filter(bin -> Files.isExecutable(bin.resolve("pg_ctl")) && Files.isExecutable(bin.resolve("initdb")))
                .map(bin -> new Installation(major(bin), bin))
                .toList();
        return all.stream().filter(Installation::hasWal2json).findFirst().or(() -> all.stream()
                .findFirst());
    }

    boolean hasWal2json() {
        return libraries().stream().anyMatch(folder -> Files.exists(folder.resolve("wal2json.so")));
    }

    private List<Path> libraries() {
        List<Path> folders = new ArrayList<>();
        Path own = bin.resolve("pg_config");
        if (Files.isExecutable(own)) {
            folders.add(ask(own.toString(), "--pkglibdir"));
        } else if (onPath("pg_config").isPresent()
                && ask("pg_config", "--bindir").equals(bin)) {
            folders.add(ask("pg_config", "--pkglibdir"));
        }
        // Servers without their development package have no pg_config of their own.
        folders.add(bin.resolveSibling("lib"));
        folders.add(bin.resolveSibling("lib").resolve("postgresql"));
        return folders;
    }

    private static Set<Path> localFolders() {
        Set<Path> folders = new LinkedHashSet<>();
        if (onPath("pg_config").isPresent()) {
            folders.add(ask("pg_config", "--bindir"));
        }
        onPath("pg_ctl").ifPresent(program -> folders.add(program.getParent()));
        folders.addAll(versions(Path.of("/usr/lib/postgresql")));
        return folders;
    }

    /** Debian's folders, newest first. */
    private static List<Path> versions(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .sorted(Comparator.comparing((Path path) ->
                                    Integer.valueOf(path.getFileName().toString()))
                            .reversed())
                    .map(path -> path.resolve("bin"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    /** The program in one of the folders of PATH, links followed. */
    static Optional<Path> onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path path = Path.of(folder).resolve(program);
            if (!folder.isEmpty() && Files.isExecutable(path)) {
                try {
                    return Optional.of(path.toRealPath());
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot follow " + path, e);
                }
            }
        }
        return Optional.empty();
    }

    private static int major(Path bin) {
        String text = run(bin.resolve("pg_ctl").toString(), "--version");
        Matcher version = VERSION.matcher(text);
        if (!version.find()) {
            throw new IllegalStateException("pg_ctl of " + bin + " names no version: " + text);
        }
        return Integer.parseInt(version.group(1));
    }

    private static Path ask(String pgConfig, String option) {
        return Path.of(run(pgConfig, option).strip());
    }

    private static String run(String... command) {
        try {
            return Command.output(ROOT, List.of(command));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out about the installed PostgreSQL", e);
        }
    }
}
