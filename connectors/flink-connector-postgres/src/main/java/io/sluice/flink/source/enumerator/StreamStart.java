package io.sluice.flink.source.enumerator;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.replication.SlotSession;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the stream begins once the copies are done.
 *
 * @param stop the stream ends when it has everything up to here; null: not by position
 */
public record StreamStart(
        SlotSession session,
        Origin origin,
        ChangePosition position,
        @Nullable Lsn stop) {
    public StreamStart {
        Objects.requireNonNull(session, "session is null");
        Objects.requireNonNull(origin, "origin is null");
        Objects.requireNonNull(position, "position is null");
    }
}
