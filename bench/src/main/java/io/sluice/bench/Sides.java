package io.sluice.bench;

import java.sql.SQLException;
import java.util.List;

/** The servers and those who compete on them. */
final class Sides implements AutoCloseable {
    private final Servers servers;
    private final Options options;

    private Sides(Servers servers, Options options) {
        this.servers = servers;
        this.options = options;
    }

    static Sides open(Options options) {
        return new Sides(options.servers(), options);
    }

    Servers servers() {
        return servers;
    }

    Contender contender(String side, int run) {
        return new NativeReplication(servers, options.nativeOptions, run);
    }

    /** Whether the target has the source's rows; says so when not. */
    boolean equal(Report report, String side, List<String> expected, String database) throws SQLException {
        List<String> actual = Accounts.digest(servers.target(), database);
        if (!actual.equals(expected)) {
            report.say("DIFFERENT: " + side + " left (rows, digest) " + actual + ", the source has " + expected);
        }
        return actual.equals(expected);
    }

    void drop(String database) throws SQLException {
        servers.target().execute(Servers.MAINTENANCE, "DROP DATABASE " + database + " WITH (FORCE)");
    }

    @Override
    public void close() {
        servers.close();
    }
}
