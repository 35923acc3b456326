package io.sluice.postgres.apply.merge;

import io.sluice.postgres.change.ChangePosition;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a commit did.
 *
 * @param position how far the target is now; null when no change of the stream has been applied yet
 * @param rows rows inserted, updated, marked or deleted
 * @param deleted rows deleted or marked among them
 * @param alreadyApplied true when an earlier commit had applied all of it
 * @param duration from the call to the server's answer to COMMIT
 */
public record CommitResult(
        @Nullable ChangePosition position, long rows, long deleted, boolean alreadyApplied, Duration duration) {
    public CommitResult {
        Objects.requireNonNull(duration, "duration is null");
    }
}
