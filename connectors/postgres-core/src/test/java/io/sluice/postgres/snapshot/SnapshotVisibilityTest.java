package io.sluice.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.change.Lsn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SnapshotVisibilityTest {
    private static final Lsn BOUNDARY = Lsn.parse("0/500");
    private static final Lsn BELOW = Lsn.parse("0/4FF");

    @Test
    void holdsWhatHadEndedWhenItWasTaken() {
        SnapshotVisibility snapshot = SnapshotVisibility.parse("10:15:13,10", BOUNDARY);
        assertThat(snapshot.holds(9, BELOW)).isTrue();
        assertThat(snapshot.holds(10, BELOW)).isFalse();
        assertThat(snapshot.holds(12, BELOW)).isTrue();
        assertThat(snapshot.holds(13, BELOW)).isFalse();
        assertThat(snapshot.holds(15, BELOW)).isFalse();
    }

    @Test
    @DisplayName("S9: nothing at or above the boundary is in the snapshot")
    void boundary() {
        assertThat(SnapshotVisibility.parse("10:10:", BOUNDARY).holds(9, BOUNDARY))
                .isFalse();
    }

    @Test
    @DisplayName("M10: 32-bit xids are compared within 2^31 of the snapshot")
    void wrappedXids() {
        long epoch = 3L << 32;
        SnapshotVisibility snapshot = SnapshotVisibility.parse((epoch + 2) + ":" + (epoch + 5) + ":", BOUNDARY);
        assertThat(snapshot.holds(0xFFFF_FFFFL, BELOW)).isTrue();
        assertThat(snapshot.holds(4, BELOW)).isTrue();
        assertThat(snapshot.holds(6, BELOW)).isFalse();
    }
}
