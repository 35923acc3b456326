package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalInstallIT {
    @BeforeAll
    static void installed() {
        assumeTrue(
                PostgresServer.localInstall().isPresent(),
                "no PostgreSQL is installed on this machine; apt-get install postgresql-15 enables this test");
    }

    @Test
    void settingsAndDatabasesOfAnInstalledServerSurviveAKill() throws Exception {
        try (PostgresServer server = PostgresServer.local(Map.of("work_mem", "7MB", "cluster_name", "it's"))) {
            String first = server.createDatabase();
            String second = server.createDatabase();
            server.execute(first, "create table t()");
            server.kill9();
            server.start();
            String tables = "select count(*) from pg_class where relname = 't'";
            assertThat(server.query(first, tables)).containsExactly(List.of("1"));
            assertThat(server.query(second, tables)).containsExactly(List.of("0"));
            assertThat(server.query(
                            first,
                            "select current_setting('work_mem'), current_setting('cluster_name'),"
                                    + " current_setting('fsync'), current_setting('server_version_num')::int / 10000"))
                    .containsExactly(List.of("7MB", "it's", "on", Integer.toString(server.majorVersion())));
        }
    }

    @Test
    void clientProgramsAreFoundByName() throws Exception {
        Path psql = PostgresServer.program("psql").orElseThrow();
        assertThat(Command.output(Path.of("/"), List.of(psql.toString(), "--version")))
                .startsWith("psql (PostgreSQL)");
        assertThat(PostgresServer.program("no-such-program")).isEmpty();
    }
}
