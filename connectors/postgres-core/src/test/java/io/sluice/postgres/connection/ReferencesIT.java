package io.sluice.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencesIT {
    @Test
    @DisplayName("S22: host, database, user and password are references until the connection opens")
    void everyTextMayBeAReference(@TempDir Path folder) throws Exception {
        try (PostgresServer server = PostgresServer.quick(15)) {
            ConnectionSettings settings = new ConnectionSettings(
                    "shop",
                    new ConnectionSettings.Endpoint(
                            reference(folder, "host", server.host()),
                            server.port(),
                            reference(folder, "database", "postgres")),
                    reference(folder, "user", PostgresServer.USER),
                    new Secret(reference(folder, "password", PostgresServer.PASSWORD)),
                    Duration.ofSeconds(10));
            try (Connection connection = Connections.query(settings, "test")) {
                assertThat(connection.getCatalog()).isEqualTo("postgres");
                assertThat(connection.getMetaData().getUserName()).isEqualTo(PostgresServer.USER);
            }
            assertThat(serialized(settings)).contains("${file:").doesNotContain(PostgresServer.PASSWORD);
        }
    }

    private static String reference(Path folder, String name, String text) throws IOException {
        return "${file:" + Files.writeString(folder.resolve(name), text + "\n") + "}";
    }

    private static String serialized(ConnectionSettings settings) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(settings);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
