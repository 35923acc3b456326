package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartBarrierIT {
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    @DisplayName("F8: a commit that waits for a synchronous standby holds the barrier and is named")
    void commitThatWaitsForAStandby(int major) throws Exception {
        try (PostgresServer server = PostgresServer.durable(major, Map.of());
                Connection ours = server.connect("postgres")) {
            server.execute("postgres", "create table t(id int)");
            server.execute(
                    "postgres", "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
            Await.until(Duration.ofSeconds(10), "the standby to be demanded", () -> server.query(
                            "postgres", "show synchronous_standby_names")
                    .equals(List.of(List.of("nobody"))));
            CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> insert(server));
            Await.until(Duration.ofSeconds(10), "the commit to wait for its standby", () -> server.query(
                            "postgres", "select count(*) from pg_stat_activity where wait_event = 'SyncRep'")
                    .equals(List.of(List.of("1"))));

            StartBarrier barrier = StartBarrier.note(ours);
            assertThat(barrier.passed(ours)).isFalse();
            assertThat(barrier.blockers(ours)).singleElement().asString().contains("synchronous standby");

            server.execute("postgres", "alter system reset synchronous_standby_names", "select pg_reload_conf()");
            Await.until(Duration.ofSeconds(10), "the barrier to be passed", () -> barrier.passed(ours));
            commit.join();
            assertThat(server.query("postgres", "select count(*) from t")).containsExactly(List.of("1"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15})
    @DisplayName("M9: a prepared transaction holds the barrier and is named")
    void preparedTransaction(int major) throws Exception {
        try (PostgresServer server = PostgresServer.quick(major);
                Connection ours = server.connect("postgres")) {
            server.execute("postgres", "create table t(id int)");
            server.execute("postgres", "begin; insert into t values (1); prepare transaction 'held'");
            StartBarrier barrier = StartBarrier.note(ours);
            assertThat(barrier.passed(ours)).isFalse();
            assertThat(barrier.blockers(ours)).singleElement().asString().contains("'held'");
            server.execute("postgres", "commit prepared 'held'");
            Await.until(Duration.ofSeconds(10), "the barrier to be passed", () -> barrier.passed(ours));
            assertThat(barrier.blockers(ours)).isEmpty();
        }
    }

    private static void insert(PostgresServer server) {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("insert into t values (1)");
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
