package io.sluice.postgres.apply.option;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * When a writer hands what it holds of a table to the server, at the latest at each checkpoint.
 *
 * @param rows distinct keys of one table
 * @param bytes of rows of one table
 * @param interval longest time between two flushes; zero flushes whenever no input waits
 * @param minimumGap a timed flush sooner than this after the last flush is left out
 * @param scope what a full buffer flushes
 */
public record FlushPolicy(int rows, long bytes, Duration interval, Duration minimumGap, Scope scope)
        implements Serializable {
    /** Which buffers a full one takes along. */
    public enum Scope {
        FULL_TABLE_ONLY,
        ALL_TABLES
    }

    public static final FlushPolicy DEFAULT =
            new FlushPolicy(10_000, 64 << 20, Duration.ofSeconds(60), Duration.ofSeconds(60), Scope.FULL_TABLE_ONLY);

    public FlushPolicy {
        Objects.requireNonNull(interval, "interval is null");
        Objects.requireNonNull(minimumGap, "minimumGap is null");
        Objects.requireNonNull(scope, "scope is null");
        if (rows < 1 || bytes < 1) {
            throw new IllegalArgumentException("a buffer of " + rows + " rows and " + bytes + " bytes holds nothing");
        }
    }
}
