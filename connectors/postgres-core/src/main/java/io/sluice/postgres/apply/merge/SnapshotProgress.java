package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Moves the ledger's numbers for the staged chunks of one table. */
final class SnapshotProgress {
    private final Ledger ledger;
    private final Connection connection;
    private final TableName source;
    private @Nullable Entry entry;
    private boolean moved;

    SnapshotProgress(Ledger ledger, Connection connection, TableName source) {
        this.ledger = ledger;
        this.connection = connection;
        this.source = source;
    }

    /** Number of the chunk's rows that the target has already; the ledger says from now on that it has all. */
    long take(Step.SnapshotRows rows) throws SQLException {
        if (entry == null) {
            entry = ledger.lockEntry(connection, source, Ledger.Strength.FOR_UPDATE)
                    .orElseThrow(() -> new LostUnitException("the ledger's entry of " + source));
        }
        Snapshot recorded = entry.snapshot();
        Snapshot brought = rows.chunk().snapshot();
        if (recorded == null || !recorded.id().equals(brought.id())) {
            if (recorded != null && recorded.isAfter(brought)) {
                // The later snapshot brings all of these rows again, as they were then.
                return Long.MAX_VALUE;
            }
            throw new IllegalStateException("rows of " + source + " come from the snapshot at " + brought.boundary()
                    + ", of which the ledger knows nothing");
        }
        int chunk = rows.chunk().index();
        long have = ledger.rows(connection, source, brought.id(), chunk);
        if (rows.first() > have) {
            throw new LostUnitException(
                    "rows " + have + " to " + rows.first() + " of chunk " + chunk + " of " + source);
        }
        if (rows.end() > have || (rows.end() == have && rows.last())) {
            moved |= rows.end() > have;
            Ledger.ChunkRows to = new Ledger.ChunkRows(
                    source, brought.id(), chunk, rows.chunk().count(), rows.end(), rows.last());
            if (!ledger.moveChunk(connection, to, have)) {
                throw new IllegalStateException("chunk " + chunk + " of " + source + " was moved by somebody else");
            }
        }
        return have;
    }

    void finish() throws SQLException {
        Entry known = entry;
        if (known == null
                || known.snapshot() == null
                || known.load() != Ledger.Load.STAGED
                || known.state() == Ledger.LoadState.COMPLETE) {
            return;
        }
        if (ledger.chunks(connection, source, known.snapshot().id()).complete()) {
            ledger.put(
                    connection,
                    new Entry(source, known.target(), known.load(), Ledger.LoadState.COMPLETE, known.snapshot()));
        }
    }

    boolean moved() {
        return moved;
    }
}
