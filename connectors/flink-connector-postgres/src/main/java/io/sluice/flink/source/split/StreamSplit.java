package io.sluice.flink.source.split;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Visibility;
import io.sluice.postgres.replication.SlotSession;
import io.sluice.postgres.snapshot.SnapshotVisibility;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a slot from a position on; there is one of it.
 *
 * @param copied the snapshots whose rows went before the stream; of a table without one nothing was copied
 * @param position everything up to it is in the stream
 * @param stop the stream ends when it has everything up to here; null: not by position
 */
public record StreamSplit(
        SlotSession session,
        Origin origin,
        List<TableSchema> tables,
        Map<TableName, Snapshot> copied,
        ChangePosition position,
        @Nullable Lsn stop)
        implements PostgresSplit {
    public StreamSplit {
        Objects.requireNonNull(session, "session is null");
        Objects.requireNonNull(origin, "origin is null");
        Objects.requireNonNull(position, "position is null");
        tables = List.copyOf(tables);
        copied = Map.copyOf(copied);
    }

    /** The same stream further on. */
    public StreamSplit at(ChangePosition position) {
        return new StreamSplit(session, origin, tables, copied, position, stop);
    }

    /** Which changes the copied rows hold already. */
    public Visibility visibility() {
        Map<TableName, SnapshotVisibility> snapshots = new HashMap<>();
        copied.forEach((table, snapshot) -> snapshots.put(table, SnapshotVisibility.of(snapshot)));
        return (schema, xid, commitLsn) -> {
            SnapshotVisibility snapshot = snapshots.get(schema.name());
            return snapshot != null && snapshot.holds(xid, commitLsn);
        };
    }

    @Override
    public String splitId() {
        return "stream/" + session.slot();
    }

    @Override
    public String toString() {
        return "slot " + session.slot() + " from " + position;
    }
}
