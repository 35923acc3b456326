package io.sluice.flink.sink.commit;

import io.sluice.postgres.apply.merge.CommitResult;
import io.sluice.postgres.change.ChangePosition;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * What the committer did, in Flink's metrics: {@code rowsMerged}, {@code rowsDeleted}, {@code commits},
 * {@code lastCommitMillis} (its duration), {@code lastCommitTime} (milliseconds since 1970, 0 before the first) and
 * {@code committedLsn} (0 before the first).
 */
public final class CommitMetrics {
    private final Counter merged;
    private final Counter deleted;
    private final Counter commits;
    private volatile long millis;
    private volatile long time;
    private volatile long lsn;

    public CommitMetrics(MetricGroup group) {
        merged = group.counter("rowsMerged");
        deleted = group.counter("rowsDeleted");
        commits = group.counter("commits");
        group.gauge("lastCommitMillis", () -> millis);
        group.gauge("lastCommitTime", () -> time);
        group.gauge("committedLsn", () -> lsn);
    }

    void committed(CommitResult result) {
        merged.inc(result.rows());
        deleted.inc(result.deleted());
        commits.inc();
        millis = result.duration().toMillis();
        time = System.currentTimeMillis();
        ChangePosition position = result.position();
        if (position != null) {
            lsn = position.lsn().value();
        }
    }
}
