package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class PostgresExtensionIT {
    private static final List<PostgresServer> SEEN = new ArrayList<>();

    @BeforeEach
    @AfterEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void testsOfAClassShareAServerUntilItEnds() throws Exception {
        run(Shared.class).assertStatistics(stats -> stats.started(2).succeeded(2));
        assertThat(SEEN).hasSize(3).containsOnly(SEEN.get(0));
        assertStopped(SEEN.get(0));
    }

    @Test
    void durableServerIsTheTestsOwn() throws Exception {
        run(Durable.class).assertStatistics(stats -> stats.started(2).succeeded(2));
        assertThat(SEEN).hasSize(3).doesNotHaveDuplicates();
        for (PostgresServer server : SEEN) {
            assertStopped(server);
        }
    }

    @Test
    void containerIsSkippedWhereNoDockerEngineAnswers() {
        Assumptions.assumeFalse(ContainerInstance.engineAnswers(), "a Docker engine answers: ContainerIT runs");
        Events events = run(Container.class);
        events.assertStatistics(stats -> stats.started(0).skipped(1));
        assertThat(events.skipped().stream().map(event -> event.getRequiredPayload(String.class)))
                .singleElement()
                .asString()
                .contains("no Docker engine answers", "postgres:17");
    }

    private static Events run(Class<?> fixture) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .selectors(selectClass(fixture))
                .execute()
                .testEvents();
    }

    private static void assertStopped(PostgresServer server) {
        assertThatThrownBy(() -> new Socket(server.host(), server.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    static class Shared {
        @Postgres(version = 16, settings = "work_mem=5MB")
        private static PostgresServer server;

        @Test
        void onField() throws Exception {
            SEEN.add(server);
            assertThat(server.query(
                            server.createDatabase(),
                            "select current_setting('work_mem'), current_setting('fsync'),"
                                    + " current_setting('server_version_num')::int / 10000"))
                    .containsExactly(List.of("5MB", "off", "16"));
        }

        @Test
        void onParameters(
                @Postgres(version = 16, settings = "work_mem=5MB") PostgresServer one,
                @Postgres(version = 16, settings = "work_mem=5MB") PostgresServer two) {
            SEEN.addAll(List.of(one, two));
        }
    }

    static class Durable {
        @Postgres(version = 14, durable = true)
        private PostgresServer server;

        @Test
        void first() throws Exception {
            SEEN.add(server);
            server.kill9();
        }

        @Test
        void second(@Postgres(version = 14, durable = true) PostgresServer other) throws Exception {
            SEEN.addAll(List.of(server, other));
            assertThat(server.query("postgres", "select current_setting('fsync')"))
                    .containsExactly(List.of("on"));
        }
    }

    static class Container {
        @Test
        void runs(@Postgres(container = "postgres:17") PostgresServer server) throws Exception {
            SEEN.add(server);
        }
    }
}
