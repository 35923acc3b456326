package io.sluice.postgres.change;

import java.util.Objects;

/**
 * Everything up to {@code position} of {@code origin} has been sent. Carries no row, so that the target's ledger
 * follows the stream also where no captured table changes (RULES F3).
 */
public record Progress(int bucket, Origin origin, ChangePosition position) implements ChangeBatch {
    public Progress {
        Objects.requireNonNull(origin, "origin is null");
        Objects.requireNonNull(position, "position is null");
    }
}
