package io.sluice.postgres.apply.write;

import io.sluice.postgres.apply.stage.PlainRows;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.CopyRowCursor;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of snapshots that the committer merges, because their tables held rows before.
 *
 * <p>Not thread-safe.
 */
final class StagedCopies {
    private static final long FULL_BYTES = 8 << 20;

    private final Map<Key, Open> open = new LinkedHashMap<>();

    private record Key(TableName source, SnapshotChunk chunk) {}

    private static final class Open {
        final TargetTable target;
        final ValueFormat format;
        final int number;
        final PlainRows rows;
        final long first;
        long end;

        Open(TargetTable target, SnapshotBatch.Rows rows, int number) {
            this.target = target;
            this.format = rows.format();
            this.number = number;
            this.rows = new PlainRows(target.source(), number);
            this.first = rows.first();
            this.end = first;
        }
    }

    void add(TargetTable target, SnapshotBatch batch, OpenUnit unit, Placed placed) throws SQLException {
        Key key = new Key(batch.schema().name(), batch.chunk());
        SnapshotBatch.Rows rows = batch.rows();
        Open load = open.get(key);
        if (load != null && (load.end != rows.first() || load.format != rows.format())) {
            close(key, false, unit, placed);
            load = null;
        }
        if (load == null) {
            load = new Open(target, rows, unit.nextSegment());
            open.put(key, load);
        }
        CopyRowCursor row = new CopyRowCursor(batch.schema(), rows);
        while (row.next()) {
            load.rows.addSnapshotRow(
                    row.tuple(), load.end++, batch.chunk().snapshot().time());
        }
        if (rows.last() || load.rows.bytes() >= FULL_BYTES) {
            close(key, rows.last(), unit, placed);
        }
    }

    void closeAll(OpenUnit unit, Placed placed) throws SQLException {
        for (Key key : List.copyOf(open.keySet())) {
            close(key, false, unit, placed);
        }
    }

    /** Hears of rows that were made durable. */
    interface Placed {
        void placed(int rows, long bytes);
    }

    private void close(Key key, boolean last, OpenUnit unit, Placed placed) throws SQLException {
        Open load = open.remove(key);
        if (load == null || load.rows.rows() == 0 && !last) {
            return;
        }
        Step.Rows rows = unit.place(load.target, load.format, load.number, load.rows);
        unit.add(new Step.SnapshotRows(rows, key.chunk(), load.first, load.end, last));
        placed.placed(load.rows.rows(), load.rows.bytes());
    }
}
