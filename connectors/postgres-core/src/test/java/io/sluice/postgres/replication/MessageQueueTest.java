package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MessageQueueTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final MessageQueue queue = new MessageQueue(1000);
    private final byte[][] taken = new byte[8][];

    @Test
    void isBoundedInBytesAndTakesAnyMessageWhenEmpty() throws Exception {
        assertThat(queue.offer(chunk(new byte[5000]), 0)).isTrue();
        assertThat(queue.offer(chunk(new byte[1]), 0)).isFalse();
        assertThat(queue.poll(taken, 0)).isEqualTo(1);
        assertThat(queue.offer(chunk(new byte[400]), 0)).isTrue();
        assertThat(queue.offer(chunk(new byte[400]), 0)).isTrue();
        assertThat(queue.offer(chunk(new byte[400]), 0)).isFalse();
    }

    @Test
    void anOfferThatWaitsGoesOnWhenThereIsRoom() throws Exception {
        queue.offer(chunk(new byte[5000]), 0);
        CompletableFuture<Boolean> offer = offerLater();
        assertThat(queue.poll(taken, LONG)).isEqualTo(1);
        assertThat(offer.get()).isTrue();
    }

    @Test
    void anOfferThatWaitsReturnsWhenWoken() throws Exception {
        queue.offer(chunk(new byte[5000]), 0);
        CompletableFuture<Boolean> offer = offerLater();
        queue.wake();
        assertThat(offer.get()).isFalse();
    }

    @Test
    void takesNoMoreThanThereIsRoomForAndInOrder() throws Exception {
        for (int i = 0; i < 10; i++) {
            queue.offer(chunk(new byte[] {(byte) i}), 0);
        }
        assertThat(queue.poll(taken, 0)).isEqualTo(8);
        assertThat(taken[7]).containsExactly(7);
        assertThat(queue.poll(taken, 0)).isEqualTo(2);
        assertThat(taken[1]).containsExactly(9);
        assertThat(queue.poll(taken, 0)).isZero();
    }

    @Test
    void theEndIsSeenAfterTheLastMessage() throws Exception {
        SQLException reason = new SQLException("gone");
        queue.offer(chunk(new byte[1]), 0);
        queue.end(reason);
        assertThat(queue.reasonOfEnd()).isNull();
        assertThat(queue.poll(taken, LONG)).isEqualTo(1);
        assertThat(queue.poll(taken, LONG)).isZero();
        assertThat(queue.reasonOfEnd()).isSameAs(reason);
    }

    private static Chunk chunk(byte[] message) {
        Chunk chunk = new Chunk();
        chunk.add(message);
        return chunk;
    }

    private CompletableFuture<Boolean> offerLater() {
        CompletableFuture<Thread> started = new CompletableFuture<>();
        CompletableFuture<Boolean> offer = CompletableFuture.supplyAsync(() -> {
            started.complete(Thread.currentThread());
            try {
                return queue.offer(chunk(new byte[1]), LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread thread = started.join();
        Await.until(Duration.ofSeconds(10), "the offer to wait", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return offer;
    }
}
