package io.sluice.testkit;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** What a {@link Postgres} annotation asks for. */
record ServerRequest(int version, boolean durable, boolean wal2json, String container, Map<String, String> settings) {
    private static final String REQUIRE_WAL2JSON = "SLUICE_REQUIRE_WAL2JSON";

    ServerRequest {
        Objects.requireNonNull(container, "container is null");
        settings = Map.copyOf(settings);
        if (wal2json && !container.isEmpty()) {
            throw new IllegalArgumentException("@Postgres: wal2json and container exclude each other");
        }
    }

    static ServerRequest of(Postgres postgres) {
        Map<String, String> settings = new TreeMap<>();
        for (String line : postgres.settings()) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("@Postgres: setting \"" + line + "\" is not name=value");
            }
            settings.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
        return new ServerRequest(
                postgres.version(), postgres.durable(), postgres.wal2json(), postgres.container(), settings);
    }

    /** Why a test has to be skipped on this machine. */
    Optional<String> unavailable() {
        return unavailable(wal2jsonRequired(), PostgresServer::localHasWal2json, ContainerInstance::engineAnswers);
    }

    Optional<String> unavailable(boolean wal2jsonRequired, BooleanSupplier hasWal2json, BooleanSupplier engineAnswers) {
        if (wal2json && !wal2jsonRequired && !hasWal2json.getAsBoolean()) {
            return Optional.of("no installed PostgreSQL has wal2json; \"apt-get install postgresql-15-wal2json\""
                    + " enables this test, " + REQUIRE_WAL2JSON + "=true makes it fail instead");
        }
        if (!container.isEmpty() && !engineAnswers.getAsBoolean()) {
            return Optional.of("no Docker engine answers; with one this test runs on " + container);
        }
        return Optional.empty();
    }

    PostgresServer start() {
        Map<String, String> all = durable ? settings : ServerSettings.over(ServerSettings.QUICK, settings);
        if (!container.isEmpty()) {
            return PostgresServer.container(container, all);
        }
        if (!wal2json) {
            return PostgresServer.durable(version, all);
        }
        if (!PostgresServer.localHasWal2json()) {
            throw new IllegalStateException("no installed PostgreSQL has wal2json, which " + REQUIRE_WAL2JSON
                    + "=true requires; install postgresql-15-wal2json");
        }
        return PostgresServer.local(all);
    }

    private static boolean wal2jsonRequired() {
        return Boolean.getBoolean(REQUIRE_WAL2JSON) || Boolean.parseBoolean(System.getenv(REQUIRE_WAL2JSON));
    }
}
