package io.sluice.postgres.apply.merge;

import static io.sluice.postgres.apply.merge.Target.at;
import static io.sluice.postgres.apply.merge.Target.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CrashIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Target target;

    @BeforeAll
    static void start() throws Exception {
        target = new Target(PostgresServer.durable(15, Map.of()));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    private static CompletableFuture<CommitResult> committing(UnitCommitter committer, Unit unit) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return committer.commit(List.of(unit));
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static Unit keylessUnit(TableSchema t, long from, int rows) throws SQLException {
        StagedRows staged = new StagedRows();
        for (int i = 1; i <= rows; i++) {
            staged.row('I', at(from, i), "r" + from + "-" + i);
        }
        UUID id = UUID.randomUUID();
        return unit(id, from + 1, target.staged(DeleteMode.KEEP, id, t, ValueFormat.BINARY, staged));
    }

    private static void awaitWaiting(String event) {
        Await.until(PATIENCE, "the commit to wait", () -> !target.rows(
                        "select pid from pg_stat_activity where application_name = 'test' and wait_event = '" + event
                                + "'")
                .isEmpty());
    }

    @Test
    @DisplayName("F3: the target is killed while it commits; the unit comes again and is applied once")
    void killedDuringTheCommit() throws Exception {
        TableSchema t = target.table("killed", "note text");
        target.meet(DeleteMode.KEEP, t);
        Unit unit = keylessUnit(t, 100, 50);
        try (UnitCommitter committer = target.committer(DeleteMode.KEEP)) {
            try (Connection blocker = target.server().connect("target")) {
                blocker.setAutoCommit(false);
                blocker.createStatement().execute("lock table _sluice.staging in share mode");
                CompletableFuture<CommitResult> running = committing(committer, unit);
                // The rows are merged; giving the staging table back waits.
                awaitWaiting("relation");
                target.server().kill9();
                assertThatThrownBy(running::join).hasCauseInstanceOf(SQLException.class);
                assertThatThrownBy(() -> blocker.createStatement().execute("select 1"))
                        .isInstanceOf(SQLException.class);
            }
            target.server().start();
            assertThat(target.rows("select * from killed")).isEmpty();
            assertThat(committer.commit(List.of(unit)).rows()).isEqualTo(50);
            assertThat(committer.commit(List.of(unit)).alreadyApplied()).isTrue();
        }
        assertThat(target.rows("select count(*), count(distinct note) from killed"))
                .containsExactly(List.of("50", "50"));
    }

    @Test
    @DisplayName("F3: the answer to COMMIT is lost; the unit comes again and is not applied again")
    void answerToCommitIsLost() throws Exception {
        TableSchema t = target.table("answered", "note text");
        target.meet(DeleteMode.KEEP, t);
        Unit unit = keylessUnit(t, 1000, 50);
        // Without its synchronous standby the server commits and does not answer.
        target.server()
                .execute(
                        "postgres", "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        try (UnitCommitter committer = target.committer(DeleteMode.KEEP)) {
            CompletableFuture<CommitResult> running;
            try (Connection blocker = target.server().connect("postgres")) {
                running = committing(committer, unit);
                awaitWaiting("SyncRep");
                committer.cancel();
                assertThatThrownBy(running::join).hasCauseInstanceOf(SQLException.class);
                blocker.createStatement().execute("alter system reset synchronous_standby_names");
                blocker.createStatement().execute("select pg_reload_conf()");
            }
            Await.until(
                    PATIENCE,
                    "the cancelled commit to be seen",
                    () -> target.rows("select * from answered").size() == 50);
            CommitResult again = committer.commit(List.of(unit));
            assertThat(again.alreadyApplied()).isTrue();
            assertThat(again.position()).isEqualTo(at(1001, 0));
        }
        assertThat(target.rows("select count(*), count(distinct note) from answered"))
                .containsExactly(List.of("50", "50"));
    }
}
