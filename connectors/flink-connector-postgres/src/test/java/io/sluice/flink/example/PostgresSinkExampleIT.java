package io.sluice.flink.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSinkExampleIT {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 18)
    static PostgresServer server;

    @Test
    void newestOfEachSensor() throws Exception {
        String database = server.createDatabase();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.enableCheckpointing(100);
        ConnectionSettings target = new ConnectionSettings(
                "example",
                new ConnectionSettings.Endpoint(server.host(), server.port(), database),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
        PostgresSinkExample.build(env, target, 1000);
        env.execute();
        assertThat(server.query(database, "select count(*), sum(celsius::numeric) from sensors"))
                .containsExactly(List.of("10", "995.5"));
        assertThat(server.query(database, "select celsius from sensors where name = 'sensor 7'"))
                .containsExactly(List.of("99.7"));
    }
}
