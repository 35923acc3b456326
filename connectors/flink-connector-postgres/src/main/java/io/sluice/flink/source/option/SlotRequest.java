package io.sluice.flink.source.option;

import io.sluice.postgres.replication.Plugin;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The slot to read.
 *
 * @param plugin the output plugin; null takes an existing slot's own, and pgoutput for a new one
 * @param publication name of the publication that pgoutput reads
 */
public record SlotRequest(
        String slot, SlotCreation creation, @Nullable Plugin plugin, String publication) implements Serializable {
    public SlotRequest {
        Objects.requireNonNull(slot, "slot is null");
        Objects.requireNonNull(creation, "creation is null");
        Objects.requireNonNull(publication, "publication is null");
    }
}
