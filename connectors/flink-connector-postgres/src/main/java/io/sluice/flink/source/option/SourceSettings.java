package io.sluice.flink.source.option;

import io.sluice.postgres.connection.ConnectionSettings;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that enumerator and readers have to know.
 *
 * @param pipeline names the sessions on the server: {@code application_name} is "sluice" and this
 * @param log null for a bounded copy
 */
public record SourceSettings(
        ConnectionSettings connection,
        String pipeline,
        TableRules tables,
        Reading reading,
        @Nullable LogSettings log,
        StopConditions stop)
        implements Serializable {
    public SourceSettings {
        Objects.requireNonNull(connection, "connection is null");
        Objects.requireNonNull(pipeline, "pipeline is null");
        Objects.requireNonNull(tables, "tables is null");
        Objects.requireNonNull(reading, "reading is null");
        Objects.requireNonNull(stop, "stop is null");
    }

    public String application() {
        return "sluice " + pipeline;
    }

    /** True when the stream is read once the copies are done. */
    public boolean streams() {
        return log != null && log.startup() != StartupMode.SNAPSHOT_ONLY;
    }
}
