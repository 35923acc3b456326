package io.sluice.postgres.replication;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a slot, as it is now, goes on where a stored position left off: every change after it, none twice. */
final class Continuity {
    /**
     * The source as it is found.
     *
     * @param insertPosition of the server's WAL
     */
    record Found(Origin origin, Optional<SlotStatus> slot, String database, Lsn insertPosition) {}

    private Continuity() {}

    /** Sentences, each with its remedy; empty when the slot may be read from {@code position} of {@code expected}. */
    static List<String> problems(Origin expected, ChangePosition position, Found found) {
        List<String> problems = new ArrayList<>();
        Origin now = found.origin();
        if (!expected.systemId().equals(now.systemId())) {
            problems.add("the position " + position + " belongs to the server with system identifier "
                    + expected.systemId() + ", this one has " + now.systemId()
                    + ": connect to the old server, or start anew with a new slot and copy the tables again");
        } else if (expected.timeline() != now.timeline()) {
            problems.add("the position " + position + " was taken on timeline " + expected.timeline()
                    + ", the server is on timeline " + now.timeline()
                    + " now (a standby was promoted, or a backup restored), and may lack changes that were read:"
                    + " start anew with a new slot and copy the tables again");
        }
        if (!expected.slot().equals(now.slot()) || !expected.plugin().equals(now.plugin())) {
            problems.add("the position " + position + " was counted in slot " + expected.slot() + " with plugin "
                    + expected.plugin() + ", it cannot be used for slot " + now.slot() + " with plugin " + now.plugin()
                    + ": configure the old slot, or start anew and copy the tables again");
        }
        if (found.slot().isEmpty()) {
            problems.add("slot " + now.slot() + " does not exist, and a new one would not hold the changes since "
                    + position + ": start anew, which creates it and copies the tables again");
        } else {
            problems.addAll(problems(found.slot().get(), position, found));
        }
        if (found.insertPosition().isBefore(position.lsn())) {
            problems.add("the server's WAL ends at " + found.insertPosition() + ", before the position " + position
                    + " that was read: it was restored from a backup or failed over with loss; start anew and copy the"
                    + " tables again");
        }
        return problems;
    }

    private static List<String> problems(SlotStatus slot, ChangePosition position, Found found) {
        List<String> problems = new ArrayList<>(SourceServer.unreadable(slot, found.database()));
        if (!slot.plugin().equals(found.origin().plugin())) {
            problems.add("slot " + slot.name() + " has plugin " + slot.plugin() + ", it is to be read with "
                    + found.origin().plugin() + ": it was created again by somebody else; start anew with a slot of"
                    + " another name");
        }
        gap(slot, position).ifPresent(problems::add);
        return problems;
    }

    /** What is missing when the slot is confirmed beyond the position. */
    static Optional<String> gap(SlotStatus slot, ChangePosition position) {
        if (!slot.confirmedFlush().isAfter(position.lsn())) {
            return Optional.empty();
        }
        return Optional.of("slot " + slot.name() + " is confirmed up to " + slot.confirmedFlush()
                + ", the changes from " + position + " to there are gone from it: it was advanced, created again or"
                + " read by somebody else, or the position is older than what is kept (slot-keep-time); restore a"
                + " later state, or start anew and copy the tables again");
    }
}
