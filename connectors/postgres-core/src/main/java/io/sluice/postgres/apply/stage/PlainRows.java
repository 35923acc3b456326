package io.sluice.postgres.apply.stage;

import io.sluice.postgres.apply.unit.StagingLayout;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import java.sql.SQLException;

/**
 * Rows as they came: of tables without a key, of keys that do not compare as bytes, where only the target can tell
 * which rows are the same (RULES S16), and of snapshots.
 */
public final class PlainRows implements Segment {
    private final StagedRow writer;
    private final RowPages pages = new RowPages();
    private int inserts;
    private int updates;
    private int deletes;
    private int incomplete;

    /** @param number of the segment within its unit */
    public PlainRows(TableSchema schema, int number) {
        this.writer = new StagedRow(schema, number);
    }

    @Override
    public void add(RowCursor row) {
        ChangeKind kind = row.kind();
        switch (kind) {
            case INSERT -> inserts++;
            case UPDATE -> updates++;
            case DELETE, MOVED -> deletes++;
            default -> throw new IllegalStateException("unknown change kind: " + kind);
        }
        if (kind == ChangeKind.UPDATE && row.tuple().hasUnchanged()) {
            incomplete++;
        }
        add(kind.code(), row.tuple(), row.lsn(), row.ordinal(), row.commitTime());
    }

    /** Takes row {@code number} of a snapshot chunk. */
    public void addSnapshotRow(Tuple row, long number, long snapshotTime) {
        inserts++;
        add(StagingLayout.INSERT, row, 0, number, snapshotTime);
    }

    private void add(byte op, Tuple row, long lsn, long ordinal, long time) {
        long place = pages.reserve(writer.measure(op, row, null));
        writer.write(pages.page(place), RowPages.offset(place), lsn, ordinal, time);
    }

    @Override
    public int rows() {
        return inserts + updates + deletes;
    }

    @Override
    public long bytes() {
        return pages.length();
    }

    @Override
    public long memory() {
        return pages.allocated();
    }

    @Override
    public Step.Counts counts() {
        return new Step.Counts(inserts, updates, deletes, incomplete);
    }

    @Override
    public void writeTo(RowSink sink) throws SQLException {
        pages.writeTo(sink);
    }
}
