package io.sluice.flink.source.option;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a stream ends by itself.
 *
 * @param noData after this long without a change of a captured table; zero: never
 * @param atEndLsn once everything up to the WAL position at the start was read
 */
public record StopConditions(Duration noData, boolean atEndLsn) implements Serializable {
    /** Never: the stream ends when the job does. */
    public static final StopConditions NEVER = new StopConditions(Duration.ZERO, false);

    public StopConditions {
        if (noData.isNegative()) {
            throw new IllegalArgumentException("noData is negative: " + noData + "; zero never stops");
        }
    }
}
