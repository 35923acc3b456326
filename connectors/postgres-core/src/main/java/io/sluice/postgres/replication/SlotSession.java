package io.sluice.postgres.replication;

import io.sluice.postgres.change.ValueFormat;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a slot is read. Part of the source's checkpointed state: under other options a slot may send other messages, and
 * a position inside a transaction counts messages (RULES S11).
 *
 * @param publications what pgoutput publishes, at least one; none for wal2json
 * @param format of the values; wal2json knows text only
 * @param walSenderTimeout after how long without a sign of life the server ends the session; zero: never
 */
public record SlotSession(
        String slot, Plugin plugin, List<String> publications, ValueFormat format, Duration walSenderTimeout)
        implements Serializable {
    public SlotSession {
        Objects.requireNonNull(slot, "slot is null");
        Objects.requireNonNull(plugin, "plugin is null");
        Objects.requireNonNull(format, "format is null");
        publications = List.copyOf(publications);
        if (plugin == Plugin.PGOUTPUT && publications.isEmpty()) {
            throw new IllegalArgumentException("pgoutput needs a publication, none is given for slot " + slot);
        }
        if (plugin == Plugin.WAL2JSON && !publications.isEmpty()) {
            throw new IllegalArgumentException("wal2json knows no publications, given for slot " + slot + " are "
                    + String.join(", ", publications));
        }
        if (plugin == Plugin.WAL2JSON && format != ValueFormat.TEXT) {
            throw new IllegalArgumentException("wal2json sends text, slot " + slot + " is to be read as " + format);
        }
        if (walSenderTimeout.isNegative() || walSenderTimeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "wal sender timeout out of 0 to " + Integer.MAX_VALUE + " ms: " + walSenderTimeout);
        }
    }
}
