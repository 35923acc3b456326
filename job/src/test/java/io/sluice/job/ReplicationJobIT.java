package io.sluice.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.topology.JobOptions;
import io.sluice.testkit.Await;
import io.sluice.testkit.Postgres;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ReplicationJobIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ORDERS = "select id, customer, amount, note from orders order by id";
    private static final String CUSTOMERS = "select code, data from customers order by code";

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @Postgres(version = 17)
    static PostgresServer source;

    @Postgres(version = 15)
    static PostgresServer target;

    @TempDir
    Path folder;

    private String from;
    private String to;

    @BeforeEach
    void shop() throws Exception {
        from = source.createDatabase();
        to = target.createDatabase();
        source.execute(
                from,
                "create table orders (id bigint primary key, customer text, amount numeric(12, 2), note text)",
                "create table customers (code text primary key, data jsonb)",
                "insert into orders select i, 'c' || i % 100, i / 7.0, repeat('n', (i % 50)::int)"
                        + " from generate_series(1, 20000) i",
                "insert into customers select 'c' || i, jsonb_build_object('n', i) from generate_series(1, 100) i");
    }

    @Test
    void copiesFollowsAndGoesOnFromTheLedgerAlone() throws Exception {
        JobClient first = start(file());
        awaitEqual();
        change();
        awaitEqual();
        cancel(first);
        source.execute(
                from,
                "delete from orders where id between 300 and 400",
                "update customers set data = data || '{\"seen\": true}' where code < 'c5'",
                "insert into orders values (50001, 'c1', 1.5, 'while nobody looked')");

        // No savepoint, no checkpoint: all that is left is in the target.
        JobClient second = start(file());
        awaitEqual();
        cancel(second);
    }

    @Test
    void endsAtTheEndOfTheLog() throws Exception {
        ReplicationJob.main(arguments(file().with("source.break-at-end-lsn", "true")));
        assertEqual();
        change();
        ReplicationJob.main(arguments(file().with("source.break-at-end-lsn", "true")));
        assertEqual();
    }

    @Test
    void fullTableEnds() throws Exception {
        PipelineFile file = file().with("source.replication-method", "FULL_TABLE");
        ReplicationJob.main(arguments(file));
        assertThat(target.query(
                        to, "select count(*) from pg_index where indrelid = 'orders'::regclass and indisprimary"))
                .containsExactly(List.of("1"));
        assertEqual();
        source.execute(from, "update orders set note = 'second' where id < 100", "insert into orders values (50001)");
        ReplicationJob.main(arguments(file));
        assertEqual();
    }

    @Test
    @DisplayName("S15: values travel as text where the target's column is of another type")
    void otherTypes() throws Exception {
        target.execute(to, "create table orders (id numeric primary key, customer varchar, amount text, note text)");
        JobClient job = start(file());
        awaitEqual();
        change();
        awaitEqual();
        cancel(job);
    }

    @Test
    void faultsOfTheServersAreNamedBeforeAnythingStarts() throws Exception {
        PipelineFile file = file().with("source.table", "nothing").with("target.password", "wrong-one");
        assertThatThrownBy(() -> ReplicationJob.main(arguments(file)))
                .hasMessageContaining("selects no table")
                .hasMessageContaining("refused user")
                .hasMessageNotContaining("wrong-one");
        assertThat(source.query(from, "select 1 from pg_publication")).isEmpty();
    }

    private JobClient start(PipelineFile file) throws Exception {
        PipelineConfig config = file.config();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobOptions.of(config));
        ReplicationJob.prepare(env, config);
        return env.executeAsync();
    }

    private static void cancel(JobClient job) throws Exception {
        job.cancel().get();
        Await.until(PATIENCE, "the job to be cancelled", () -> job.getJobStatus()
                .get()
                .equals(JobStatus.CANCELED));
    }

    private void change() throws Exception {
        source.execute(
                from,
                "insert into orders select i, 'new', 1, null from generate_series(30001, 30500) i",
                "update orders set amount = amount + 1 where id % 10 = 0",
                "update orders set id = id + 1000000 where id % 1000 = 7",
                "delete from orders where id % 100 = 3",
                "delete from customers where code = 'c1'",
                "begin; insert into customers values ('c1', '{}'); update customers set data = '[]' where code = 'c1';"
                        + " commit");
    }

    private void awaitEqual() {
        Await.until(PATIENCE, "the target to equal the source", () -> equal(ORDERS) && equal(CUSTOMERS));
    }

    private void assertEqual() throws Exception {
        for (String query : List.of(ORDERS, CUSTOMERS)) {
            assertThat(equal(query)).as(query).isTrue();
        }
    }

    private boolean equal(String query) throws Exception {
        return target.query(to, query).equals(source.query(from, query));
    }

    private PipelineFile file() {
        return PipelineFile.between(source, from, target, to)
                .with("source.replication-slot", "slot_" + from)
                .with("pipeline.checkpoint-interval", "200 ms")
                .with("target.hard-delete", "true")
                .with("flink.restart-strategy.type", "none");
    }

    private String[] arguments(PipelineFile file) throws Exception {
        return new String[] {
            "-c",
            Files.writeString(folder.resolve("pipeline.yaml"), file.yaml()).toString()
        };
    }
}
