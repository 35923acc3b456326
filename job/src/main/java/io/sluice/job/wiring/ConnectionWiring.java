package io.sluice.job.wiring;

import io.sluice.job.config.ConfigText;
import io.sluice.job.config.ConnectionConfig;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import java.time.Duration;

/** Connections; what the file holds as a reference stays one until a connection is opened (RULES S22). */
public final class ConnectionWiring {
    private ConnectionWiring() {}

    public static ConnectionSettings settings(ConnectionConfig connection) {
        return new ConnectionSettings(
                connection.name(),
                new ConnectionSettings.Endpoint(
                        text(connection.endpoint().host()),
                        connection.endpoint().port(),
                        text(connection.database())),
                text(connection.credentials().username()),
                new Secret(text(connection.credentials().password())),
                connection.connectTimeout().waitsForEver()
                        ? Duration.ZERO
                        : connection.connectTimeout().duration());
    }

    /** A reference is written in the file as the connection reads it, so it goes over as it stands. */
    private static String text(ConfigText text) {
        boolean literal = text instanceof ConfigText.Shown || text instanceof ConfigText.Hidden;
        return literal ? text.resolve() : text.toString();
    }
}
