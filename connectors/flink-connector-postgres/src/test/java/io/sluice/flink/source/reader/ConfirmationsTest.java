package io.sluice.flink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
    private static ChangePosition at(long lsn) {
        return ChangePosition.atEnd(new Lsn(lsn));
    }

    @Test
    @DisplayName("S18: completion of a checkpoint confirms the position of the one before it")
    void confirmsTheCheckpointBefore() {
        Confirmations confirmations = new Confirmations(1);
        confirmations.begin(1, at(100));
        assertThat(confirmations.complete(1)).isEmpty();
        confirmations.begin(2, at(200));
        confirmations.begin(3, at(300));
        confirmations.abort(2);
        assertThat(confirmations.complete(3)).contains(new Lsn(100));
        confirmations.begin(4, at(400));
        confirmations.begin(5, at(500));
        assertThat(confirmations.complete(4)).contains(new Lsn(300));
        assertThat(confirmations.complete(5)).contains(new Lsn(400));
    }

    @Test
    @DisplayName("S18: the slot keeps what the retained checkpoints need")
    void retainedCheckpointsHoldItBack() {
        Confirmations confirmations = new Confirmations(3);
        for (int i = 1; i <= 3; i++) {
            confirmations.begin(i, at(100 * i));
            assertThat(confirmations.complete(i)).isEmpty();
        }
        confirmations.begin(4, at(400));
        assertThat(confirmations.complete(4)).contains(new Lsn(100));
    }

    @Test
    void checkpointsWithoutTheStreamAndMissedCompletionsConfirmNothing() {
        Confirmations confirmations = new Confirmations(1);
        assertThat(confirmations.complete(7)).isEmpty();
        confirmations.begin(8, at(800));
        confirmations.begin(9, at(900));
        assertThat(confirmations.complete(9)).isEmpty();
        assertThat(confirmations.complete(8)).isEmpty();
        confirmations.begin(10, at(1000));
        assertThat(confirmations.complete(10)).contains(new Lsn(900));
    }
}
