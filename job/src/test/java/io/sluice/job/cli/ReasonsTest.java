package io.sluice.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

class ReasonsTest {
    @Test
    void packingIsLeftOut() {
        SQLException reason = new SQLException("no such slot");
        Throwable packed =
                catchThrowable(() -> CompletableFuture.failedFuture(reason).join());
        packed.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("java.util.concurrent.CompletableFuture", "join", null, 1)
        });
        RuntimeException carrier = new RuntimeException("One or more fetchers have encountered exception", packed);
        carrier.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("org.apache.flink.connector.base.source.reader.X", "check", null, 1)
        });

        assertThat(packed).isInstanceOf(CompletionException.class);
        assertThat(Reasons.of(carrier)).isEqualTo("no such slot");
    }

    @Test
    void outerMessageThatSaysMoreComesFirst() {
        assertThat(Reasons.of(new IllegalStateException("cannot read slot a", new SQLException("it is lost"))))
                .isEqualTo("cannot read slot a; it is lost");
    }

    @Test
    void messageThatOnlyRepeatsAnotherIsToldOnce() {
        SQLException inner = new SQLException("it is lost");

        assertThat(Reasons.of(new IllegalStateException("slot a: it is lost", inner)))
                .isEqualTo("slot a: it is lost");
        assertThat(Reasons.of(new IllegalStateException(inner))).isEqualTo("it is lost");
    }

    @Test
    void exceptionThatTravelledAsBytesLosesItsClassName() {
        assertThat(Reasons.of(new SerializedThrowable(new SQLException("no such slot"))))
                .isEqualTo("no such slot");
    }

    @Test
    void exceptionWithoutMessageIsNamed() {
        assertThat(Reasons.of(new NullPointerException())).isEqualTo("NullPointerException");
    }
}
