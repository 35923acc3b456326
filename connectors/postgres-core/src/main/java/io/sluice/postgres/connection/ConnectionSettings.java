package io.sluice.postgres.connection;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * Where and as whom to connect; holds no resolved secret. Host, database and user may be references like a
 * {@link Secret}; {@link Connections} alone looks behind them, so compare with what the server says it is instead.
 *
 * @param name of the connection, as the user calls it in messages
 * @param connectTimeout zero or negative waits for ever
 */
public record ConnectionSettings(
        String name, Endpoint endpoint, String username, Secret password, Duration connectTimeout)
        implements Serializable {

    /** A database on a server. */
    public record Endpoint(String host, int port, String database) implements Serializable {
        public Endpoint {
            Objects.requireNonNull(host, "host is null");
            Objects.requireNonNull(database, "database is null");
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port out of 1 to 65535: " + port);
            }
        }

        @Override
        public String toString() {
            return host + ":" + port + "/" + database;
        }
    }

    public ConnectionSettings {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(endpoint, "endpoint is null");
        Objects.requireNonNull(username, "username is null");
        Objects.requireNonNull(password, "password is null");
        Objects.requireNonNull(connectTimeout, "connectTimeout is null");
    }
}
