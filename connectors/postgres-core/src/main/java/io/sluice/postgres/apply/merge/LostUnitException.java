package io.sluice.postgres.apply.merge;

/** What a unit names is neither applied nor there. Never taken for an empty commit (RULES F3). */
public final class LostUnitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostUnitException(String what) {
        super("lost: " + what + "; the staging schema was changed or restored by somebody else. Restore the target to"
                + " one moment, or start without this state: the pipeline then goes on from the target's ledger");
    }
}
