package io.sluice.bench;

import io.sluice.job.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;

/** The servers and those who compete on them. */
final class Sides implements AutoCloseable {
    private final Servers servers;
    private final LocalCluster cluster;
    private final Path folder;
    private final Options options;

    private Sides(Servers servers, LocalCluster cluster, Path folder, Options options) {
        this.servers = servers;
        this.cluster = cluster;
        this.folder = folder;
        this.options = options;
    }

    static Sides open(Options options) throws IOException {
        Servers servers = options.servers();
        try {
            Path folder = Files.createTempDirectory("sluice-bench-");
            LocalCluster cluster =
                    LocalCluster.start(new Configuration(), Runtime.getRuntime().availableProcessors());
            return new Sides(servers, cluster, folder, options);
        } catch (IOException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    Servers servers() {
        return servers;
    }

    Contender contender(String side, int run) {
        return side.equals("native")
                ? new NativeReplication(servers, options.nativeOptions, run)
                : new SluiceReplication(servers, cluster, folder, run);
    }

    /** Whether the target has the source's rows; says so when not. */
    boolean equal(String side, List<String> expected, String database) throws SQLException {
        List<String> actual = Accounts.digest(servers.target(), database);
        if (!actual.equals(expected)) {
            System.err.println(
                    "DIFFERENT: " + side + " left (rows, digest) " + actual + ", the source has " + expected);
        }
        return actual.equals(expected);
    }

    void drop(String database) throws SQLException {
        servers.target().execute(Servers.MAINTENANCE, "DROP DATABASE " + database + " WITH (FORCE)");
    }

    @Override
    public void close() throws IOException {
        cluster.close();
        servers.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
