package io.sluice.postgres.apply.load;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.table.MetadataColumns;
import io.sluice.postgres.apply.table.StaleSnapshotException;
import io.sluice.postgres.apply.table.TargetColumn;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.change.CopyRowCursor;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.CopyTarget;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A COPY of a chunk's rows into the target table, on a connection of its own. The ledger's number of rows of the chunk
 * moves in the same transaction, so a row that comes again is known by its number.
 *
 * <p>Not thread-safe.
 */
final class ChunkLoad {
    private final Connection connection;
    private final Ledger ledger;
    private final TargetTable table;
    private final SnapshotChunk chunk;
    private final MetadataValues metadata = new MetadataValues();
    private final long before;
    private long next;
    private @Nullable CopyTarget copy;
    private @Nullable ValueFormat format;

    /** @param connection not in auto-commit mode; outside of a transaction */
    ChunkLoad(Connection connection, Ledger ledger, TargetTable table, SnapshotChunk chunk) throws SQLException {
        this.connection = connection;
        this.ledger = ledger;
        this.table = table;
        this.chunk = chunk;
        this.before = ledger.rows(connection, source(), chunk.snapshot().id(), chunk.index());
        this.next = before;
    }

    /**
     * Copies the rows that the target does not have.
     *
     * @return number of rows copied
     * @throws SQLException also when rows before these are missing
     */
    int write(SnapshotBatch.Rows rows) throws SQLException {
        if (rows.first() > next) {
            if (copy == null) {
                // The ledger forgets the chunks of a snapshot that a later one has replaced.
                checkEntry();
            }
            throw new SQLException("rows " + next + " to " + (rows.first() - 1) + " of " + this + " are missing; the"
                    + " ledger knows of " + before + " rows, restart the copy of the table");
        }
        long known = next - rows.first();
        if (known >= rows.count()) {
            return 0;
        }
        CopyTarget open = copy(rows.format());
        if (known == 0 && !table.metadataColumns()) {
            open.write(rows.bytes(), 0, rows.length());
        } else {
            CopyRowCursor cursor = new CopyRowCursor(table.source(), rows);
            for (long i = 0; i < known; i++) {
                cursor.skip();
            }
            if (table.metadataColumns()) {
                metadata.append(cursor, rows, chunk.snapshot().time(), MetadataValues.now());
                open.write(metadata.bytes(), 0, metadata.length());
            } else {
                open.write(rows.bytes(), cursor.end(), rows.length() - cursor.end());
            }
        }
        next = rows.first() + rows.count();
        return (int) (rows.count() - known);
    }

    /**
     * Ends the COPY and commits it, if the ledger still wants this snapshot's rows (RULES S17).
     *
     * @param done no row of the chunk follows
     * @throws StaleSnapshotException when a later snapshot has replaced this one
     */
    void commit(boolean done) throws SQLException {
        if (next == before && !done) {
            connection.rollback();
            return;
        }
        if (copy != null) {
            long copied = copy.finish();
            if (copied != next - before) {
                throw new SQLException("the server took " + copied + " rows of " + this + ", sent were "
                        + (next - before) + "; does a trigger or rule of " + table.name() + " drop rows?");
            }
        }
        checkEntry();
        var to = new Ledger.ChunkRows(source(), chunk.snapshot().id(), chunk.index(), chunk.count(), next, done);
        if (!ledger.moveChunk(connection, to, before)) {
            throw new SQLException("another writer has brought rows of " + this + " since row " + before
                    + "; is another instance of this pipeline running?");
        }
        if (done && table.source().keyed()) {
            ledger.rememberKey(connection, source(), table.keyColumns());
        }
        connection.commit();
    }

    Connection connection() {
        return connection;
    }

    TableName source() {
        return table.source().name();
    }

    @Override
    public String toString() {
        return "chunk " + chunk.index() + " of " + source();
    }

    /** Under a lock that holds until COMMIT: whoever takes the rows back has to wait for it. */
    private void checkEntry() throws SQLException {
        Entry entry = ledger.lockEntry(connection, source(), Ledger.Strength.FOR_SHARE)
                .orElseThrow(() -> new SQLException("the ledger has lost " + source() + "; was it reset meanwhile?"));
        Snapshot recorded = entry.snapshot();
        if (recorded == null) {
            throw new SQLException("the ledger knows no snapshot of " + source());
        }
        if (!recorded.id().equals(chunk.snapshot().id())) {
            throw new StaleSnapshotException(source(), chunk.snapshot(), recorded);
        }
        if (entry.state() != Ledger.LoadState.LOADING && next > before) {
            throw new SQLException("the copy of " + source() + " is complete already, but " + (next - before)
                    + " more rows of " + this + " came; is another instance of this pipeline running?");
        }
    }

    private CopyTarget copy(ValueFormat wanted) throws SQLException {
        if (copy != null && format == wanted) {
            return copy;
        }
        if (copy != null) {
            throw new SQLException("rows of " + this + " came as " + format + " and as " + wanted);
        }
        List<String> columns =
                new ArrayList<>(table.columns().stream().map(TargetColumn::name).toList());
        if (table.metadataColumns()) {
            columns.add(MetadataColumns.EXTRACTED_AT);
            columns.add(MetadataColumns.BATCHED_AT);
        }
        String sql = "COPY " + Names.quote(table.name()) + " (" + Names.list(columns) + ") FROM STDIN (FORMAT "
                + (wanted == ValueFormat.BINARY ? "binary)" : "text)");
        CopyTarget open =
                wanted == ValueFormat.BINARY ? CopyTarget.binary(connection, sql) : CopyTarget.text(connection, sql);
        copy = open;
        format = wanted;
        return open;
    }
}
