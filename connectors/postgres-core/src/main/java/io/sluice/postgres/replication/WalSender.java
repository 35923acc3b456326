package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The conversation with a walsender. A thread of its own owns the connection, so that the server hears from us however
 * long nobody takes the messages: when the queue is full it stops reading, which holds the server back, but goes on
 * reporting.
 *
 * <p>What it builds on in the driver: reading without blocking waits a millisecond for a first byte and then for the
 * whole message, so a pause of the network never splits one; it does not see that the other side has gone, only writing
 * does. The driver answers keepalives itself and shows them only by the newest position that it heard.
 */
final class WalSender implements AutoCloseable {
    /** In the middle of a message the server is waited for so long. */
    static final Duration REST_OF_MESSAGE = Duration.ofSeconds(30);

    private static final long QUEUE_BYTES = 16 << 20;
    private static final Duration LONGEST_REPORT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration IDLE_REPORT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration IDLE_PAUSE = Duration.ofMillis(4);
    private static final Duration LONGEST_HOLD = Duration.ofNanos(200_000);
    private static final Duration BREATH = Duration.ofMillis(1);
    private static final int EMPTY_READS_UNTIL_PAUSE = 100;
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Connection connection;
    private final PGReplicationStream stream;
    private final MessageQueue queue = new MessageQueue(QUEUE_BYTES);
    private final Thread thread;
    private final long reportNanos;
    private final Lifeline lifeline;
    private final AtomicLong confirmed;
    private volatile boolean closing;

    private final Chunk chunk = new Chunk();
    private long chunkSince;
    private long seen;
    private long reported;
    private long reportedAt;
    private long heardAt;
    private int emptyReads;

    /**
     * @param connection in whose session {@code stream} runs; from now on it belongs to this conversation
     * @param confirmed up to where the slot is confirmed already
     */
    WalSender(
            Connection connection, PGReplicationStream stream, SlotSession session, Lsn confirmed, Lifeline lifeline) {
        this.connection = connection;
        this.stream = stream;
        this.confirmed = new AtomicLong(confirmed.value());
        long timeout = session.walSenderTimeout().toNanos();
        this.reportNanos = timeout == 0
                ? LONGEST_REPORT_INTERVAL.toNanos()
                : Math.min(LONGEST_REPORT_INTERVAL.toNanos(), timeout / 3);
        this.lifeline = lifeline;
        this.seen = stream.getLastReceiveLSN().asLong();
        this.thread = new Thread(this::converse, "sluice walsender " + session.slot());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Takes messages as they came, keepalives among them; waits only for the first.
     *
     * @return how many were put into {@code into}; 0 when none came in time
     */
    int poll(byte[][] into, Duration wait) throws InterruptedException {
        return queue.poll(into, wait.toNanos());
    }

    /** @throws SQLException when the conversation has broken and all that came before is taken */
    void check() throws SQLException {
        Throwable reason = queue.reasonOfEnd();
        if (reason != null) {
            String state = reason instanceof SQLException e ? e.getSQLState() : null;
            throw new SQLException("the walsender's connection is lost: " + reason.getMessage(), state, reason);
        }
    }

    /** Reported to the server within milliseconds; a lower position than before changes nothing. */
    void confirm(Lsn flushed) {
        confirmed.accumulateAndGet(flushed.value(), (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
        wake();
    }

    /** Reports what is confirmed, if the connection lets it, and frees the slot. */
    @Override
    public void close() throws SQLException {
        closing = true;
        wake();
        try {
            thread.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            connection.abort(Runnable::run);
        }
    }

    private void wake() {
        queue.wake();
        LockSupport.unpark(thread);
    }

    private void converse() {
        try (connection) {
            heardAt = System.nanoTime();
            report(heardAt);
            while (!closing) {
                byte[] message = receive();
                if (message != null) {
                    add(message);
                } else if (chunk.isEmpty()) {
                    idle();
                } else {
                    deliver();
                }
                reportWhenDue(message == null ? Math.min(reportNanos, IDLE_REPORT_INTERVAL.toNanos()) : reportNanos);
            }
            queue.end(new SQLException("this reader was closed"));
        } catch (Throwable e) {
            queue.end(e);
        }
    }

    /** The next message; null when none begins within a millisecond. */
    private byte @Nullable [] receive() throws SQLException {
        ByteBuffer payload = stream.readPending();
        if (payload != null) {
            if (payload.arrayOffset() != WalMessage.PAYLOAD) {
                throw new IllegalStateException("the driver hands over a message at byte " + payload.arrayOffset());
            }
            byte[] message = payload.array();
            seen = WalMessage.walStart(message);
            return message;
        }
        long newest = stream.getLastReceiveLSN().asLong();
        if (newest == seen) {
            return null;
        }
        seen = newest;
        return WalMessage.keepalive(newest);
    }

    private void add(byte[] message) throws SQLException, InterruptedException {
        emptyReads = 0;
        long now = System.nanoTime();
        if (chunk.isEmpty()) {
            chunkSince = now;
        }
        chunk.add(message);
        if (chunk.isFull()) {
            deliver();
        } else if (now - chunkSince > LONGEST_HOLD.toNanos()) {
            deliver();
            // We are faster than the server. Left alone for a moment it fills the socket, instead of waking us for
            // each.
            LockSupport.parkNanos(BREATH.toNanos());
        }
    }

    private void deliver() throws SQLException, InterruptedException {
        while (!queue.offer(chunk, reportNanos) && !closing) {
            reportWhenDue(reportNanos);
        }
        chunk.clear();
        heardAt = System.nanoTime(); // after the offer, as not listening is not silence
    }

    private void idle() throws SQLException {
        if (++emptyReads < EMPTY_READS_UNTIL_PAUSE) {
            return;
        }
        if (System.nanoTime() - heardAt > lifeline.patience().toNanos()) {
            lifeline.check();
            heardAt = System.nanoTime();
        }
        if (confirmed.get() == reported) {
            LockSupport.parkNanos(IDLE_PAUSE.toNanos());
        }
    }

    private void reportWhenDue(long interval) throws SQLException {
        long now = System.nanoTime();
        if (now - reportedAt >= interval || confirmed.get() != reported) {
            report(now);
        }
    }

    /** Says how far we are and asks the server for a sign of life. */
    private void report(long now) throws SQLException {
        long flushed = confirmed.get();
        stream.setFlushedLSN(LogSequenceNumber.valueOf(flushed));
        stream.setAppliedLSN(LogSequenceNumber.valueOf(flushed));
        stream.forceUpdateStatus();
        reported = flushed;
        reportedAt = now;
    }
}
