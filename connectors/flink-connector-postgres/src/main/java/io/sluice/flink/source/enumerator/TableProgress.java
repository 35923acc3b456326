package io.sluice.flink.source.enumerator;

import io.sluice.postgres.change.Snapshot;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far the first copy of a table is.
 *
 * <pre>
 * NotCopied                      the table is streamed only
 * Waiting -> Copying -> Copied   a restore takes Copying back to Waiting: the snapshot ended with the JobManager
 * </pre>
 */
public sealed interface TableProgress {
    record NotCopied() implements TableProgress {}

    /** No snapshot yet. */
    record Waiting() implements TableProgress {}

    /** @param done numbers of the chunks that a checkpoint holds as finished */
    record Copying(Snapshot snapshot, int chunks, Set<Integer> done) implements TableProgress {
        public Copying {
            Objects.requireNonNull(snapshot, "snapshot is null");
            done = new TreeSet<>(done);
            if (chunks < 1 || done.size() > chunks) {
                throw new IllegalArgumentException(done.size() + " of " + chunks + " chunks");
            }
        }

        boolean complete() {
            return done.size() == chunks;
        }
    }

    record Copied(Snapshot snapshot) implements TableProgress {
        public Copied {
            Objects.requireNonNull(snapshot, "snapshot is null");
        }
    }
}
