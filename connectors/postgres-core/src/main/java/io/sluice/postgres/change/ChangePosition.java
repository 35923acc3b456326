package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * A place in the sequence of changes of a slot: a total order that every replay repeats.
 *
 * <p>A change has the LSN of its transaction's commit record and its ordinal in that transaction, counted from 1
 * over all row and truncate messages. Between transactions the position is the commit record's <em>end</em> with
 * ordinal 0; as a commit record ends at or before the next one starts, both kinds compare as one order. Decoding
 * that starts at {@link #lsn} repeats everything from this position on: exactly the first {@link #ordinal}
 * messages of the transaction committed at that LSN are to be skipped (a start at a commit record's LSN sends that
 * transaction again, a start at its end does not: facts verified on 14 to 18).
 */
public record ChangePosition(Lsn lsn, long ordinal) implements Comparable<ChangePosition>, Serializable {
    public static final ChangePosition ZERO = new ChangePosition(Lsn.ZERO, 0);

    public ChangePosition {
        Objects.requireNonNull(lsn, "lsn is null");
        if (ordinal < 0) {
            throw new IllegalArgumentException("ordinal is negative: " + ordinal);
        }
    }

    /** After all changes of the transaction whose commit record ends at {@code end}. */
    public static ChangePosition atEnd(Lsn end) {
        return new ChangePosition(end, 0);
    }

    public boolean insideTransaction() {
        return ordinal > 0;
    }

    public boolean isAfter(ChangePosition other) {
        return compareTo(other) > 0;
    }

    public ChangePosition max(ChangePosition other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(ChangePosition other) {
        int byLsn = lsn.compareTo(other.lsn);
        return byLsn != 0 ? byLsn : Long.compare(ordinal, other.ordinal);
    }

    /** {@code 16/B374D848} or, inside a transaction, {@code 16/B374D848+17}. */
    @Override
    public String toString() {
        return ordinal == 0 ? lsn.toString() : lsn + "+" + ordinal;
    }
}
