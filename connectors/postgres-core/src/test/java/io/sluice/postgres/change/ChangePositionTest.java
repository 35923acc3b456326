package io.sluice.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangePositionTest {
    private static final Lsn COMMIT = Lsn.parse("0/100");
    private static final Lsn END = Lsn.parse("0/130");

    @Test
    @DisplayName("S10: the end of a transaction is after each of its changes and before the next transaction's")
    void endOfTransactionSeparatesItFromTheNext() {
        ChangePosition end = ChangePosition.atEnd(END);
        assertThat(end).isGreaterThan(new ChangePosition(COMMIT, Long.MAX_VALUE));
        assertThat(end).isLessThan(new ChangePosition(END, 1));
    }

    @Test
    void changesOfOneTransactionFollowTheirOrdinal() {
        assertThat(new ChangePosition(COMMIT, 2)).isGreaterThan(new ChangePosition(COMMIT, 1));
    }
}
