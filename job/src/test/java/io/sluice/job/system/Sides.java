package io.sluice.job.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.time.Duration;
import java.util.List;

/** Looks at both servers from outside. */
record Sides(PostgresServer source, PostgresServer target) {
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    /** Waits until the target's ledger says that everything committed at the source by now is applied. */
    void awaitCaughtUp() throws Exception {
        // A transaction of our own: with synchronous_commit off the insert position may lie in a page not yet flushed.
        source.execute("postgres", "select pg_logical_emit_message(true, 'test', 'end')", "checkpoint");
        String end = source.query("postgres", "select pg_current_wal_insert_lsn()")
                .get(0)
                .get(0);
        Await.until(PATIENCE, "the target to be at " + end, () -> target.query(
                        "postgres", "select count(*) from _sluice.pipeline where lsn >= '" + end + "'::pg_lsn")
                .get(0)
                .get(0)
                .equals("1"));
    }

    /** Compares the rows of a table by the text of all its columns. */
    void assertSame(String table, String columns, String order) throws Exception {
        String sum = "select count(*), coalesce(sum(hashtextextended(row(" + columns + ")::text, 0)), 0) from " + table;
        List<List<String>> expected = source.query("postgres", sum);
        List<List<String>> actual = target.query("postgres", sum);
        if (!expected.equals(actual)) {
            String rows = "select " + columns + " from " + table + " order by " + order;
            assertThat(target.query("postgres", rows))
                    .as(table)
                    .containsExactlyElementsOf(source.query("postgres", rows));
        }
        assertThat(actual).as(table).isEqualTo(expected);
    }

    /** No staged row is left, and no staging table is held by a unit. */
    void assertStagingIsFree() {
        Await.until(PATIENCE, "staging tables to be free", () -> target.query(
                        "postgres", "select count(*) from _sluice.staging where unit is not null")
                .get(0)
                .get(0)
                .equals("0"));
    }
}
