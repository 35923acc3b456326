package io.sluice.flink.sink.write;

import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.table.UnfitTargetException;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.apply.write.TargetWriter;
import io.sluice.postgres.change.ChangeBatch;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Hands batches to the target's writer, and at each barrier what it made of them to the committer: one unit per
 * checkpoint, also when it is empty, so that the committer knows which writers live (RULES S2).
 *
 * <p>Runs in the task's thread, timers too.
 */
public final class BatchWriter implements CommittingSinkWriter<ChangeBatch, Unit> {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** The mailbox takes a timer before it takes waiting input, so quiet is what lasts from one look to the next. */
    private static final Duration QUIET = Duration.ofMillis(1);

    private final TargetWriter writer;
    private final ProcessingTimeService clock;
    private final boolean flushWhenIdle;
    private final long pauseMillis;
    private final Runnable afterEach;
    private long written;
    private boolean watching;
    private boolean closed;

    /** @param afterEach runs after every batch and barrier, for metrics */
    public BatchWriter(TargetWriter writer, FlushPolicy policy, ProcessingTimeService clock, Runnable afterEach) {
        this.writer = writer;
        this.clock = clock;
        this.afterEach = afterEach;
        flushWhenIdle = policy.interval().isZero();
        Duration pause = policy.interval().compareTo(LONGEST_PAUSE) < 0 ? policy.interval() : LONGEST_PAUSE;
        pauseMillis = Math.max(1, (flushWhenIdle ? QUIET : pause).toMillis());
        if (!flushWhenIdle) {
            clock.registerTimer(clock.getCurrentProcessingTime() + pauseMillis, this::flushTimed);
        }
    }

    @Override
    public void write(ChangeBatch batch, Context context) throws IOException {
        try {
            writer.write(batch);
        } catch (SQLException e) {
            throw failed("take a batch", e);
        } catch (UnfitTargetException e) {
            // Another attempt would find the same: end the job with what is to be done.
            throw new SuppressRestartsException(e);
        }
        written++;
        afterEach.run();
        if (flushWhenIdle && !watching) {
            watch();
        }
    }

    /** What is to be durable at a barrier is prepareCommit's work, which always follows; keys may take longer. */
    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        if (endOfInput) {
            try {
                writer.awaitKeys();
            } catch (SQLException e) {
                throw failed("build the key of a copied table", e);
            }
        }
    }

    @Override
    public Collection<Unit> prepareCommit() throws IOException {
        try {
            return List.of(writer.prepare());
        } catch (SQLException e) {
            throw failed("stage what came before the checkpoint", e);
        } finally {
            afterEach.run();
        }
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        writer.close();
    }

    private void watch() {
        watching = true;
        long before = written;
        clock.registerTimer(clock.getCurrentProcessingTime() + pauseMillis, now -> {
            watching = false;
            if (closed) {
                return;
            }
            if (written == before) {
                flushIdle();
            } else {
                watch();
            }
        });
    }

    private void flushIdle() throws IOException {
        try {
            writer.idle();
        } catch (SQLException e) {
            throw failed("flush", e);
        }
        afterEach.run();
    }

    private void flushTimed(long now) throws IOException {
        if (closed) {
            return;
        }
        try {
            writer.flushTimed(System.nanoTime());
        } catch (SQLException e) {
            throw failed("flush", e);
        }
        afterEach.run();
        clock.registerTimer(now + pauseMillis, this::flushTimed);
    }

    private static IOException failed(String what, SQLException e) {
        return new IOException("the target could not " + what + ": " + e.getMessage(), e);
    }
}
