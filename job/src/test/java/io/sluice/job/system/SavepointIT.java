package io.sluice.job.system;

import io.sluice.testkit.PostgresServer;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointIT {
    private static final String KEYLESS = "create table log(n bigint, who text)";
    private static final String KEYED = "create table item(id int primary key, note text, price numeric(10, 2))";

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "stop with savepoint, restore at another parallelism, fork from an older one, restore a retained checkpoint")
    void rescale() throws Exception {
        try (PostgresServer source = PostgresServer.quick(15);
                PostgresServer target = PostgresServer.quick(15)) {
            source.execute(
                    "postgres", KEYLESS, KEYED, "insert into log select i, 'first' from generate_series(1, 1000) i");
            source.execute("postgres", "insert into item select i, 'note ' || i, i from generate_series(1, 1000) i");
            Sides sides = new Sides(source, target);
            String savepoint;
            String fork;
            try (Cluster cluster = Cluster.start(folder)) {
                JobID job = cluster.submit(file(source, target, 2).parse());
                cluster.awaitCheckpoints(job, 2);
                change(source, 1);
                fork = cluster.savepoint(job);
                change(source, 2);
                savepoint = cluster.stopWithSavepoint(job);
                change(source, 3);
                job = cluster.submit(file(source, target, 4).parse(), savepoint);
                change(source, 4);
                sides.awaitCaughtUp();
                same(sides);
                cluster.cancel(job);

                // What the fork sends again is in the target already, without a key to see it by.
                change(source, 5);
                job = cluster.submit(file(source, target, 1).parse(), fork);
                change(source, 6);
                sides.awaitCaughtUp();
                same(sides);
                cluster.awaitCheckpoints(job, 2);
                cluster.cancel(job);
                savepoint = cluster.retainedCheckpoint(job);
            }
            change(source, 7);
            try (Cluster cluster = Cluster.start(folder)) {
                JobID job = cluster.submit(file(source, target, 3).parse(), savepoint);
                change(source, 8);
                sides.awaitCaughtUp();
                same(sides);
                cluster.cancel(job);

                // The ledger alone is enough.
                change(source, 9);
                job = cluster.submit(file(source, target, 2).parse());
                change(source, 10);
                sides.awaitCaughtUp();
                same(sides);
                cluster.cancel(job);
            }
        }
    }

    private static PipelineFile file(PostgresServer source, PostgresServer target, int parallelism) {
        return PipelineFile.between(source, target)
                .with("target.primary-key-required", "false")
                .with("target.parallelism", Integer.toString(parallelism))
                // A fork needs a slot that still has what an older savepoint wants.
                .with("flink.execution.checkpointing.num-retained", "40")
                .with("pipeline.parallelism", Integer.toString(Math.min(2, parallelism)));
    }

    private static void change(PostgresServer source, int round) throws Exception {
        source.execute(
                "postgres",
                "insert into log select " + 10_000 * round + " + i, 'round' from generate_series(1, 500) i",
                "update item set note = note || '" + round + "' where id % 7 = " + round % 7,
                "delete from item where id % 50 = " + round,
                "insert into item select 10000 * " + round + " + i, null, 1 from generate_series(1, 50) i",
                "update item set id = -id where id between 10000 * " + round + " and 10000 * " + round + " + 5");
    }

    private static void same(Sides sides) throws Exception {
        sides.assertSame("log", "n, who", "n");
        sides.assertSame("item", "id, note, price", "id");
    }
}
