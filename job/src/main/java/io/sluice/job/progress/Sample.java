package io.sluice.job.progress;

import io.sluice.postgres.change.Lsn;
import java.util.Objects;

/** How far a pipeline was at one moment, {@link System#nanoTime()}. */
public sealed interface Sample {
    long nanoTime();

    /** Nothing is in the target yet. */
    record Starting(long nanoTime) implements Sample {}

    /**
     * Tables are being copied.
     *
     * @param complete how many of {@code tables} are in the target, keys included
     * @param rows that this process has copied
     * @param bytes of tables that are in the target, of {@code totalBytes} in the source
     */
    record Copying(long nanoTime, int tables, int complete, long rows, long bytes, long totalBytes) implements Sample {}

    /**
     * Changes are being followed.
     *
     * @param changes that this process has read
     * @param applied up to where the target has everything
     * @param end of the source's log
     * @param committed when the target last committed, in milliseconds since 1970; 0 for not yet
     */
    record Following(long nanoTime, long changes, Lsn applied, Lsn end, long committed) implements Sample {
        public Following {
            Objects.requireNonNull(applied, "applied is null");
            Objects.requireNonNull(end, "end is null");
        }

        public long lagBytes() {
            return Math.max(0, end.minus(applied));
        }
    }

    /** A server does not answer; {@code reason} says which and why. */
    record Blind(long nanoTime, String reason) implements Sample {
        public Blind {
            Objects.requireNonNull(reason, "reason is null");
        }
    }
}
