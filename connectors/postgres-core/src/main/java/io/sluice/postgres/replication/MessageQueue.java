package io.sluice.postgres.replication;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from the thread that receives to the thread that decodes; bounded in bytes, so that wide rows
 * need no more memory than narrow ones. They come and go many at a time, as waking the other side for each of them costs
 * more than all else.
 */
final class MessageQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
    private final long capacity;
    private long bytes;
    private boolean woken;
    private @Nullable Throwable end;

    /** @param capacity in bytes */
    MessageQueue(long capacity) {
        this.capacity = capacity;
    }

    /** False when there was no room for so long, or somebody called {@link #wake}; an empty queue has always room. */
    boolean offer(Chunk chunk, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!messages.isEmpty() && bytes + chunk.bytes() > capacity) {
                if (woken || left <= 0) {
                    woken = false;
                    return false;
                }
                left = drained.awaitNanos(left);
            }
            for (int i = 0; i < chunk.count(); i++) {
                messages.add(chunk.message(i));
            }
            bytes += chunk.bytes();
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what is there, at most as much as {@code into} holds, and waits only for the first.
     *
     * @return how many; 0 when none came for so long, or none will come
     */
    int poll(byte[][] into, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (messages.isEmpty()) {
                if (end != null || left <= 0) {
                    return 0;
                }
                left = filled.awaitNanos(left);
            }
            int count = Math.min(into.length, messages.size());
            for (int i = 0; i < count; i++) {
                into[i] = messages.remove();
                bytes -= Chunk.size(into[i]);
            }
            drained.signal();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Makes a waiting {@link #offer} return. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            drained.signal();
        } finally {
            lock.unlock();
        }
    }

    /** No message will follow. */
    void end(Throwable reason) {
        lock.lock();
        try {
            end = reason;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Why no message will follow those that are left; null while they may. */
    @Nullable
    Throwable reasonOfEnd() {
        lock.lock();
        try {
            return messages.isEmpty() ? end : null;
        } finally {
            lock.unlock();
        }
    }
}
