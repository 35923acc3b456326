package io.sluice.job.config;

import java.io.Serializable;
import java.time.Duration;

/** The server's patience with a silent replication connection; zero turns it off. */
public record WalSenderTimeout(Duration duration) implements Serializable {
    public boolean isOff() {
        return duration.isZero();
    }
}
