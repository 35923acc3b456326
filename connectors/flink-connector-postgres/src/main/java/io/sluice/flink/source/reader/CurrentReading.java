package io.sluice.flink.source.reader;

import io.sluice.postgres.change.Lsn;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the fetcher's thread reads, for the task's thread: to break it off when the task ends, because a read from a
 * server does not heed Flink's wake-ups, and to confirm positions.
 *
 * <p>Thread-safe.
 */
final class CurrentReading {
    private @Nullable SplitReading reading;
    private @Nullable Thread opening;
    private Lsn confirmed = Lsn.ZERO;
    private boolean closed;

    /** The calling thread is about to open a reading, which may have to wait; false when it is not to. */
    synchronized boolean opening() {
        opening = Thread.currentThread();
        return !closed;
    }

    /** @throws SQLException when the reading is broken off already and cannot be closed */
    synchronized void begin(SplitReading begun) throws SQLException {
        opening = null;
        if (closed) {
            begun.close();
            return;
        }
        reading = begun;
        if (!confirmed.isZero()) {
            begun.confirm(confirmed);
        }
    }

    synchronized void end() throws SQLException {
        SplitReading ended = reading;
        reading = null;
        if (ended != null) {
            ended.close();
        }
    }

    synchronized void confirm(Lsn flushed) {
        confirmed = flushed;
        if (reading != null) {
            reading.confirm(flushed);
        }
    }

    /** True when errors are only the sound of breaking off. */
    synchronized boolean closed() {
        return closed;
    }

    synchronized void close() throws SQLException {
        closed = true;
        if (opening != null) {
            opening.interrupt();
        }
        end();
    }
}
