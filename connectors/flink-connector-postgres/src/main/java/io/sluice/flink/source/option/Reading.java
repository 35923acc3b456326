package io.sluice.flink.source.option;

import io.sluice.postgres.change.Buckets;
import java.io.Serializable;
import java.util.Objects;

/**
 * How rows are read and cut.
 *
 * @param chunkBytes size of a piece of a table that one reader copies
 * @param asText all values as text, else binary where that is safe
 * @param keepCheckpoints how many completed checkpoints must stay restorable before the slot may forget
 */
public record Reading(long chunkBytes, Buckets buckets, boolean asText, int keepCheckpoints) implements Serializable {
    public Reading {
        Objects.requireNonNull(buckets, "buckets is null");
        if (chunkBytes < 1) {
            throw new IllegalArgumentException("chunkBytes is not positive: " + chunkBytes);
        }
        if (keepCheckpoints < 1) {
            throw new IllegalArgumentException("keepCheckpoints is less than 1: " + keepCheckpoints);
        }
    }
}
