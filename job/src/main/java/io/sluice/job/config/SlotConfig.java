package io.sluice.job.config;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The replication slot and its publication.
 *
 * @param plugin for a slot that we create; when null the server's version decides
 */
public record SlotConfig(
        String name, Creation creation, @Nullable Plugin plugin, String publication, Duration keepTime)
        implements Serializable {

    /** Whether a missing slot is created. */
    public enum Creation {
        AUTO,
        NEVER
    }

    /** The output plugin that decodes the log. */
    public enum Plugin {
        PGOUTPUT,
        WAL2JSON
    }
}
