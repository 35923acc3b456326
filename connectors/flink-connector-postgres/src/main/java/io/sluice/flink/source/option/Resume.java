package io.sluice.flink.source.option;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the target knows of earlier runs.
 *
 * @param position up to which everything is applied; null when nothing of the stream is
 * @param origin whose position it is; not null when {@code position} is not
 * @param copied tables whose first copy is complete, and the snapshot that they were copied under; means nothing
 *     without a position
 */
public record Resume(
        @Nullable ChangePosition position, @Nullable Origin origin, Map<TableName, Snapshot> copied) {
    public Resume {
        if (position != null && origin == null) {
            throw new IllegalArgumentException("position " + position + " without its origin");
        }
        copied = Map.copyOf(copied);
    }
}
