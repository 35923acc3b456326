package io.sluice.postgres.apply.unit;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Origin;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one writer took between two barriers; self-contained, so that it can be committed by whoever gets
 * it, twice, or long after its writer died.
 *
 * @param incarnation of the writer instance, random: what it staged bears this name (RULES S2)
 * @param id random; names this unit's staged data, says nothing about what was applied (RULES F3)
 * @param end how far the stream was sent; null when this writer heard nothing of it. One writer hears it for all.
 * @param steps in the order in which they are to be applied
 */
public record Unit(
        String pipeline,
        UUID incarnation,
        UUID id,
        @Nullable End end,
        List<Step> steps) {
    /** The stream's position at the barrier, and whose it is. */
    public record End(Origin origin, ChangePosition position) {
        public End {
            Objects.requireNonNull(origin, "origin is null");
            Objects.requireNonNull(position, "position is null");
        }
    }

    public Unit {
        Objects.requireNonNull(pipeline, "pipeline is null");
        Objects.requireNonNull(incarnation, "incarnation is null");
        Objects.requireNonNull(id, "id is null");
        steps = List.copyOf(steps);
    }
}
