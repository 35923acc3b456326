package io.sluice.postgres.apply.merge;

import io.sluice.postgres.change.Origin;

/** Whether positions compare. */
final class Origins {
    private Origins() {}

    /** @throws IllegalStateException when the changes are of another stream than the ledger's position */
    static void check(Origin ledger, Origin unit) {
        if (!ledger.systemId().equals(unit.systemId()) || !ledger.slot().equals(unit.slot())) {
            throw new IllegalStateException("changes come from slot " + unit.slot() + " of the server with system"
                    + " identifier " + unit.systemId() + ", but the target's ledger is at a position of slot "
                    + ledger.slot() + " of " + ledger.systemId() + "; another source ran under this pipeline's name:"
                    + " use another name, or reset the pipeline");
        }
    }
}
