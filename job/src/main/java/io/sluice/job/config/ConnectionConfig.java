package io.sluice.job.config;

import java.io.Serializable;
import java.time.Duration;

/** How one server is reached. */
public record ConnectionConfig(
        String name,
        Endpoint endpoint,
        ConfigText database,
        Credentials credentials,
        TlsConfig tls,
        ConnectTimeout connectTimeout)
        implements Serializable {

    /** Host and port of a server. */
    public record Endpoint(ConfigText host, int port) implements Serializable {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Who connects. */
    public record Credentials(ConfigText username, ConfigText password) implements Serializable {}

    /** How long connecting may take; zero or less waits for ever. */
    public record ConnectTimeout(Duration duration) implements Serializable {
        static final ConnectTimeout DEFAULT = new ConnectTimeout(Duration.ofSeconds(30));

        public boolean waitsForEver() {
            return duration.isZero() || duration.isNegative();
        }
    }
}
