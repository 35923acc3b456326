package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerIT {
    @Test
    void containerIsKilledAndStartsOnItsOldDataAndPort(
            @Postgres(container = "postgres:17", durable = true, settings = "work_mem=5MB") PostgresServer server)
            throws Exception {
        server.execute("postgres", "create table t(id int)", "insert into t values (1)");
        server.kill9();
        server.start();
        assertThat(server.query("postgres", "select id, current_setting('work_mem') from t"))
                .containsExactly(List.of("1", "5MB"));
        assertThat(server.majorVersion()).isEqualTo(17);
    }
}
