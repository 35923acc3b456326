package io.sluice.job.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;

/**
 * When a stream ends by itself.
 *
 * @param noDataFor how long without a change of a selected table; zero never ends it
 * @param atEndLsn whether it ends at the log's end as it was at the start
 */
public record StopConditions(Duration noDataFor, boolean atEndLsn) implements Serializable {

    /** The longest silence, if silence ends the stream. */
    public Optional<Duration> longestSilence() {
        return noDataFor.isZero() ? Optional.empty() : Optional.of(noDataFor);
    }
}
