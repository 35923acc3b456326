package io.sluice.flink.source.reader;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which position the slot may forget. That checkpoint n has completed does not say that what it staged is committed:
 * the commit runs afterwards. But the barrier of n passed the committer behind the commit of the checkpoint before, so
 * that one's position is safe; and positions of checkpoints that must stay restorable are kept (RULES S18).
 *
 * <p>Not thread-safe.
 */
final class Confirmations {
    private final int keep;
    private final TreeMap<Long, ChangePosition> begun = new TreeMap<>();
    private final Deque<ChangePosition> completed = new ArrayDeque<>();

    /** @param keep number of completed checkpoints that stay restorable, at least 1 */
    Confirmations(int keep) {
        this.keep = keep;
    }

    void begin(long checkpoint, ChangePosition position) {
        begun.put(checkpoint, position);
    }

    void abort(long checkpoint) {
        begun.remove(checkpoint);
    }

    /** Up to where the slot may be confirmed now; empty when nothing is known to be safe. */
    Optional<Lsn> complete(long checkpoint) {
        ChangePosition position = begun.get(checkpoint);
        begun.headMap(checkpoint, true).clear();
        if (position == null) {
            return Optional.empty();
        }
        completed.addLast(position);
        if (completed.size() <= keep) {
            return Optional.empty();
        }
        return Optional.of(completed.removeFirst().lsn());
    }
}
