package io.sluice.flink.source.row;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Makes one record of each row, copied and streamed alike: copied rows come as {@link ChangeKind#INSERT}. Values travel
 * as text, as PostgreSQL prints them.
 *
 * <p>A change of key comes as {@link ChangeKind#MOVED} with the old key, and then the new row: as INSERT when it is
 * complete, as UPDATE when values are missing that did not change.
 */
public abstract class RowDeserializer<T> implements PostgresDeserializer<T> {
    private static final long serialVersionUID = 1;

    /**
     * @param row valid during the call only
     * @return null leaves the row out
     */
    protected abstract @Nullable T row(TableSchema schema, ChangeKind kind, RowView row);

    /** A table was emptied by TRUNCATE; null, the default, leaves it out. */
    protected @Nullable T truncated(TableSchema schema) {
        return null;
    }

    @Override
    public boolean prefersText() {
        return true;
    }

    @Override
    public final void deserialize(ChangeBatch batch, Collector<T> out) {
        if (batch instanceof RowBatch rows) {
            changes(rows, out);
        } else if (batch instanceof SnapshotBatch snapshot) {
            copied(snapshot, out);
        } else if (batch instanceof KeyChange change) {
            // Cuts come once for each bucket.
            if (change.bucket() == 0) {
                changes(change.rows(), out);
            }
        } else if (batch instanceof Truncation truncation) {
            if (truncation.bucket() == 0) {
                truncation.tables().forEach(table -> collect(truncated(table), out));
            }
        } else if (!(batch instanceof Progress)) {
            throw new IllegalStateException("a batch of no known kind: " + batch.getClass());
        }
    }

    private void changes(RowBatch rows, Collector<T> out) {
        RowCursor cursor = new RowCursor(rows);
        RowView view = new RowView(rows.schema(), rows.format(), cursor.tuple());
        while (cursor.next()) {
            view.at(cursor.commitTime());
            collect(row(rows.schema(), cursor.kind(), view), out);
        }
    }

    private void copied(SnapshotBatch batch, Collector<T> out) {
        CopiedRows rows = new CopiedRows(batch.rows(), batch.schema().width());
        RowView view = new RowView(batch.schema(), batch.rows().format(), rows.tuple());
        view.at(batch.chunk().snapshot().time());
        while (rows.next()) {
            collect(row(batch.schema(), ChangeKind.INSERT, view), out);
        }
    }

    private static <T> void collect(@Nullable T record, Collector<T> out) {
        if (record != null) {
            out.collect(record);
        }
    }
}
