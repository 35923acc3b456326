package io.sluice.flink.source.enumerator;

import io.sluice.postgres.replication.StartBarrier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks again and again whether the start barrier has passed (RULES F8), and says who holds it. */
final class BarrierWait {
    private static final Logger LOG = LoggerFactory.getLogger(BarrierWait.class);
    private static final long WARN_EVERY = TimeUnit.SECONDS.toNanos(10);

    private final Connection connection;
    private final StartBarrier barrier;
    private long warnAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);

    BarrierWait(Connection connection) throws SQLException {
        this.connection = connection;
        this.barrier = StartBarrier.note(connection);
    }

    boolean passed() throws SQLException {
        if (barrier.passed(connection)) {
            return true;
        }
        if (System.nanoTime() - warnAt >= 0) {
            LOG.warn(
                    "The copy waits for transactions that began before the slot: {}. End them, or wait.",
                    String.join("; ", barrier.blockers(connection)));
            warnAt = System.nanoTime() + WARN_EVERY;
        }
        return false;
    }

    Connection connection() {
        return connection;
    }
}
