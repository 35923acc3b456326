package io.sluice.postgres.apply.table;

import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;

/** Rows of a snapshot that a later one has replaced: whoever brings them was left behind and has to stop. */
public final class StaleSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StaleSnapshotException(TableName source, Snapshot brought, Snapshot recorded) {
        super("rows of " + source + " come from the snapshot taken at " + brought.boundary()
                + ", but the ledger has one"
                + " taken at " + recorded.boundary() + "; another run of this pipeline has begun its copy anew, stop"
                + " this one");
    }
}
