package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerIT {
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void everyVersionDecodesChangesWithPgoutput(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major)) {
            assertThat(server.query("postgres", "select current_setting('server_version_num')::int / 10000"))
                    .containsExactly(List.of(Integer.toString(major)));
            assertThat(server.query("postgres", "select pg_create_logical_replication_slot('s', 'pgoutput') is null"))
                    .containsExactly(List.of("f"));
        }
    }

    @Test
    void whatWasCommittedSurvivesAKill() throws Exception {
        try (PostgresServer server = PostgresServer.durable(15, Map.of())) {
            server.execute("postgres", "create table t(id int)", "insert into t values (1)");
            server.kill9();
            server.start();
            assertThat(server.query("postgres", "select id from t")).containsExactly(List.of("1"));
        }
    }
}
