package io.sluice.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.source.PostgresSourceExample.Order;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.math.BigDecimal;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSourceExampleIT {
    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 18)
    static PostgresServer server;

    @Test
    void givesRecordsOfTheProgramsOwnType() throws Exception {
        String database = server.createDatabase();
        server.execute(
                database,
                "create schema shop",
                "create table shop.orders(id bigint primary key, customer text, amount numeric(10, 2))",
                "insert into shop.orders values (1, 'ann', 99.99), (2, 'bob', 100.01), (3, E'c\\td', 12345678.90)");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(2);
        assertThat(PostgresSourceExample.largeOrders(environment, SourceJob.connection(server, database))
                        .executeAndCollect(10))
                .containsExactlyInAnyOrder(
                        new Order(2, "bob", new BigDecimal("100.01"), false),
                        new Order(3, "c\td", new BigDecimal("12345678.90"), false));
    }
}
