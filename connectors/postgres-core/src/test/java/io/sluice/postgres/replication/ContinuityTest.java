package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContinuityTest {
    private static final Origin ORIGIN = new Origin("7000", 1, "s", "pgoutput");
    private static final ChangePosition POSITION = new ChangePosition(Lsn.parse("0/200"), 3);
    private static final SlotStatus SLOT = slot("pgoutput", "db", "0/200", "reserved", false);
    private static final Lsn END = Lsn.parse("0/300");

    @Test
    void aSlotAtOrBehindThePositionGoesOn() {
        assertThat(problems(ORIGIN, SLOT, END)).isEmpty();
        assertThat(problems(ORIGIN, slot("pgoutput", "db", "0/100", "extended", false), END))
                .isEmpty();
        assertThat(problems(ORIGIN, SLOT, POSITION.lsn())).isEmpty();
    }

    @Test
    void anotherServerOrTimelineIsNamedWithBoth() {
        assertThat(problems(new Origin("7001", 1, "s", "pgoutput"), SLOT, END))
                .contains("7000")
                .contains("7001");
        assertThat(problems(new Origin("7000", 2, "s", "pgoutput"), SLOT, END))
                .contains("timeline 1")
                .contains("timeline 2");
    }

    @Test
    void anotherSlotOrPluginIsNamedWithBoth() {
        assertThat(problems(new Origin("7000", 1, "other", "pgoutput"), SLOT, END))
                .contains("slot s ")
                .contains("slot other ");
        assertThat(problems(ORIGIN, slot("wal2json", "db", "0/200", "reserved", false), END))
                .contains("has plugin wal2json")
                .contains("with pgoutput");
        assertThat(problems(ORIGIN, slot("test_decoding", "db", "0/200", "reserved", false), END))
                .contains("test_decoding");
    }

    @Test
    void aSlotThatIsMissingLostTemporaryOrOfAnotherDatabase() {
        assertThat(problems(ORIGIN, null, END)).contains("does not exist");
        assertThat(problems(ORIGIN, slot("pgoutput", "db", "0/200", "lost", false), END))
                .contains("is lost");
        assertThat(problems(ORIGIN, slot("pgoutput", "db", "0/200", "reserved", true), END))
                .contains("temporary");
        assertThat(problems(ORIGIN, slot("pgoutput", "elsewhere", "0/200", "reserved", false), END))
                .contains("elsewhere")
                .contains("connection is to db");
    }

    @Test
    void aGapIsNamedWithBothEnds() {
        assertThat(problems(ORIGIN, slot("pgoutput", "db", "0/201", "reserved", false), END))
                .contains("0/201")
                .contains("0/200+3");
    }

    @Test
    void aServerBehindThePositionHasLostWhatWasRead() {
        assertThat(problems(ORIGIN, SLOT, Lsn.parse("0/1FF"))).contains("0/1FF").contains("0/200+3");
    }

    private static String problems(Origin now, @org.jspecify.annotations.Nullable SlotStatus slot, Lsn end) {
        return String.join(
                "\n",
                Continuity.problems(ORIGIN, POSITION, new Continuity.Found(now, Optional.ofNullable(slot), "db", end)));
    }

    private static SlotStatus slot(
            String plugin, String database, String confirmed, String walStatus, boolean temporary) {
        return new SlotStatus(
                "s", plugin, database, false, Lsn.parse(confirmed), Lsn.parse("0/50"), walStatus, temporary);
    }
}
