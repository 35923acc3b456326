package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyDual;

/**
 * The conversation with a walsender. A thread of its own owns the connection, so that the server hears from us however
 * long nobody takes the messages: when the queue is full it stops reading, which holds the server back, but goes on
 * reporting.
 *
 * <p>Reports say "flushed" up to what was confirmed and no further; the driver confirms nothing by itself.
 */
final class WalSender implements AutoCloseable {
    private static final long QUEUE_BYTES = 16 << 20;
    private static final Duration LONGEST_REPORT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SHORTEST_SILENCE_LIMIT = Duration.ofSeconds(60);
    private static final Duration FIRST_BYTE = Duration.ofMillis(500);
    private static final Duration REST_OF_MESSAGE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Connection connection;
    private final CopyDual copy;
    private final MessageQueue queue = new MessageQueue(QUEUE_BYTES);
    private final Thread thread;
    private final long reportNanos;
    private final long silenceNanos;
    private final int firstByteMillis;
    private final AtomicLong confirmed;
    private volatile boolean closing;

    private long received;
    private long reported;
    private long reportedAt;
    private long heardAt;

    /**
     * @param connection in whose session {@code copy} runs; from now on it belongs to this conversation
     * @param confirmed up to where the slot is confirmed already
     */
    WalSender(Connection connection, CopyDual copy, SlotSession session, Lsn confirmed) {
        this.connection = connection;
        this.copy = copy;
        this.confirmed = new AtomicLong(confirmed.value());
        Duration timeout = session.walSenderTimeout();
        Duration third = timeout.dividedBy(3);
        this.reportNanos = (timeout.isZero() || third.compareTo(LONGEST_REPORT_INTERVAL) > 0
                        ? LONGEST_REPORT_INTERVAL
                        : third)
                .toNanos();
        this.silenceNanos =
                timeout.isZero() ? Long.MAX_VALUE : Math.max(timeout.toNanos(), SHORTEST_SILENCE_LIMIT.toNanos());
        this.firstByteMillis =
                (int) Math.max(1, Math.min(FIRST_BYTE.toMillis(), TimeUnit.NANOSECONDS.toMillis(reportNanos)));
        this.received = confirmed.value();
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

    /** Reported to the server at once or within half a second; a lower position than before changes nothing. */
    void confirm(Lsn flushed) {
        confirmed.accumulateAndGet(flushed.value(), WalSender::max);
        queue.wake();
    }

    /** Reports what is confirmed, if the connection lets it, and frees the slot. */
    @Override
    public void close() throws SQLException {
        closing = true;
        queue.wake();
        try {
            thread.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            connection.abort(Runnable::run);
        }
    }

    private void converse() {
        try (connection) {
            long now = System.nanoTime();
            heardAt = now;
            reportedAt = now - reportNanos;
            do {
                reportWhenDue();
                byte[] message = receive();
                if (message != null) {
                    deliver(message);
                }
            } while (!closing);
            reportWhenDue();
            queue.end(new SQLException("the reader of this slot was closed"));
        } catch (Throwable e) {
            queue.end(e);
        }
    }

    /** The next message; null when none begins within {@link #FIRST_BYTE}. */
    private byte @Nullable [] receive() throws SQLException {
        byte[] message = copy.readFromCopy(false);
        if (message == null) {
            message = waitForMessage();
        }
        if (message != null) {
            heardAt = System.nanoTime();
        } else if (System.nanoTime() - heardAt > silenceNanos) {
            throw new SQLException(
                    "the server sent nothing for " + TimeUnit.NANOSECONDS.toSeconds(silenceNanos)
                            + " s, not even an answer",
                    "08006");
        }
        return message;
    }

    private byte @Nullable [] waitForMessage() throws SQLException {
        connection.setNetworkTimeout(Runnable::run, firstByteMillis);
        try {
            byte[] message = copy.readFromCopy(true);
            if (message == null) {
                throw new SQLException("the server ended the stream", "57P01");
            }
            return message;
        } catch (SQLException e) {
            if (nothingWasRead(e)) {
                return null;
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, (int) REST_OF_MESSAGE.toMillis());
            }
        }
    }

    /**
     * True when the time-out struck before a message began. In the middle of one the driver has forgotten what it read
     * and would take the rest, row values, for messages; only its stack tells the two apart, and in doubt the
     * connection is given up.
     */
    static boolean nothingWasRead(SQLException e) {
        if (!(e.getCause() instanceof SocketTimeoutException timeout)) {
            return false;
        }
        StackTraceElement[] frames = timeout.getStackTrace();
        for (int i = 1; i < frames.length; i++) {
            if (frames[i].getMethodName().equals("processCopyResults")) {
                return frames[i - 1].getMethodName().equals("receiveChar");
            }
        }
        return false;
    }

    private void deliver(byte[] message) throws SQLException, InterruptedException {
        boolean keepalive = WalMessage.isKeepalive(message);
        if (!keepalive && !WalMessage.isData(message)) {
            throw new SQLException("not a message of a walsender: " + message.length + " bytes, type " + message[0]);
        }
        received = max(received, WalMessage.walEnd(message));
        if (keepalive && WalMessage.replyRequested(message)) {
            report(System.nanoTime());
        }
        while (!queue.offer(message, reportNanos) && !closing) {
            reportWhenDue();
            heardAt = System.nanoTime(); // not listening is not silence
        }
    }

    private void reportWhenDue() throws SQLException {
        long now = System.nanoTime();
        if (now - reportedAt >= reportNanos || confirmed.get() != reported) {
            report(now);
        }
    }

    private void report(long now) throws SQLException {
        long flushed = confirmed.get();
        byte[] status = WalMessage.status(max(received, flushed), flushed, now - heardAt > silenceNanos / 2);
        copy.writeToCopy(status, 0, status.length);
        copy.flushCopy();
        reported = flushed;
        reportedAt = now;
    }

    private static long max(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0 ? a : b;
    }
}
