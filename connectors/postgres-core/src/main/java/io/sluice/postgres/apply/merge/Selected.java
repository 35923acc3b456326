package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.unit.Step.Staged.InTable;
import io.sluice.postgres.change.ChangePosition;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a batch that the target does not have yet, as a condition on where they are staged.
 *
 * @param parameters of the condition, in its order
 */
record Selected(Batch batch, String condition, List<Object> parameters) {
    Selected {
        parameters = List.copyOf(parameters);
    }

    /** Changes after {@code position} (RULES F3). */
    static Selected after(Batch batch, ChangePosition position) {
        return of(
                batch,
                "(s_lsn, s_ordinal) > (?::pg_lsn, ?)",
                List.of(position.lsn().toString(), position.ordinal()));
    }

    /** Rows of a snapshot from number {@code first} on (RULES S6). */
    static Selected from(Batch batch, long first) {
        return of(batch, "s_ordinal >= ?", List.of(first));
    }

    private static Selected of(Batch batch, String condition, List<Object> parameters) {
        if (!(batch.parts().get(0) instanceof InTable table)) {
            return new Selected(batch, condition, parameters);
        }
        List<Object> all = new ArrayList<>(
                List.of(table.segment(), "(" + table.firstBlock() + ",0)", "(" + table.endBlock() + ",0)"));
        all.addAll(parameters);
        return new Selected(batch, "s_segment = ? AND ctid >= ?::tid AND ctid < ?::tid AND " + condition, all);
    }
}
