package io.sluice.flink.source.reader;

import io.sluice.postgres.change.Lsn;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the fetcher's thread reads, for the task's thread: to break it off when the task ends, because a read from a
 * server does not heed Flink's wake-ups, and to confirm positions.
 *
 * <p>Thread-safe. A fetcher that Flink has retired may still be closing while the next one reads.
 */
final class CurrentReading {
    private @Nullable SplitReading reading;
    private @Nullable Thread opening;
    private Lsn confirmed = Lsn.ZERO;
    private boolean closed;

    /** Connects to the server, which may wait for a slot. */
    interface Opening {
        SplitReading open() throws SQLException, InterruptedException;
    }

    /** @return null when the task has ended, and nothing is to be read any more */
    @Nullable
    SplitReading open(Opening how) throws SQLException, InterruptedException {
        synchronized (this) {
            if (closed) {
                return null;
            }
            opening = Thread.currentThread();
        }
        SplitReading opened;
        try {
            opened = how.open();
        } finally {
            synchronized (this) {
                opening = null;
            }
        }
        synchronized (this) {
            if (closed) {
                opened.close();
                return null;
            }
            reading = opened;
            if (!confirmed.isZero()) {
                opened.confirm(confirmed);
            }
            return opened;
        }
    }

    void end(SplitReading ended) throws SQLException {
        synchronized (this) {
            if (reading == ended) {
                reading = null;
            }
        }
        ended.close();
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

    void close() throws SQLException {
        SplitReading broken;
        synchronized (this) {
            closed = true;
            if (opening != null) {
                opening.interrupt();
            }
            broken = reading;
        }
        if (broken != null) {
            end(broken);
        }
    }
}
