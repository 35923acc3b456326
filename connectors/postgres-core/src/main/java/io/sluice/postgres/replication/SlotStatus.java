package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A logical replication slot as {@code pg_replication_slots} shows it.
 *
 * @param confirmedFlush what is at or below it is never sent again
 * @param restart from where the server keeps WAL; null once the slot is lost
 * @param walStatus reserved, extended, unreserved or lost; an invalidated slot is lost whatever the reason
 */
public record SlotStatus(
        String name,
        String plugin,
        String database,
        boolean active,
        Lsn confirmedFlush,
        @Nullable Lsn restart,
        String walStatus,
        boolean temporary) {
    public SlotStatus {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(plugin, "plugin is null");
        Objects.requireNonNull(database, "database is null");
        Objects.requireNonNull(confirmedFlush, "confirmedFlush is null");
        Objects.requireNonNull(walStatus, "walStatus is null");
    }

    public boolean lost() {
        return walStatus.equals("lost");
    }
}
