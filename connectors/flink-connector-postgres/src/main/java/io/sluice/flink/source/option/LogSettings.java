package io.sluice.flink.source.option;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How a log-based source starts.
 *
 * @param walSenderTimeout set on the replication connection; zero turns it off
 */
public record LogSettings(SlotRequest slot, Duration walSenderTimeout, StartupMode startup) implements Serializable {
    public LogSettings {
        Objects.requireNonNull(slot, "slot is null");
        Objects.requireNonNull(walSenderTimeout, "walSenderTimeout is null");
        Objects.requireNonNull(startup, "startup is null");
        if (walSenderTimeout.isNegative()) {
            throw new IllegalArgumentException("walSenderTimeout is negative: " + walSenderTimeout);
        }
    }
}
