package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * Whose positions they are: positions of two origins do not compare.
 *
 * @param systemId {@code system_identifier} of IDENTIFY_SYSTEM
 * @param timeline the server's timeline when the slot was opened
 * @param plugin output plugin of the slot
 */
public record Origin(String systemId, int timeline, String slot, String plugin) implements Serializable {
    public Origin {
        Objects.requireNonNull(systemId, "systemId is null");
        Objects.requireNonNull(slot, "slot is null");
        Objects.requireNonNull(plugin, "plugin is null");
    }
}
