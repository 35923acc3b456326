package io.sluice.postgres.change;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of what a decoder reads: leaves out what was taken before the start position or is in a snapshot
 * already, cuts by bucket, and turns changes of key into what can be applied bucket by bucket (RULES F6).
 *
 * <p>Not thread-safe.
 */
public final class BatchAssembler implements ChangeReceiver {
    private static final int BATCH_BYTES = 256 << 10;

    private final ChangePosition start;
    private final Buckets buckets;
    private final ValueFormat format;
    private final Visibility visibility;
    private final Origin origin;
    private final Map<TableSchema, @Nullable RowBatchBuilder[]> open = new HashMap<>();
    private final List<ChangeBatch> done = new ArrayList<>();
    private final Tuple completed = new Tuple();

    private ChangePosition position;
    private ChangePosition announced;
    private long pendingBytes;
    private boolean inTransaction;
    private long xid;
    private Lsn commitLsn = Lsn.ZERO;
    private long commitTime;
    private long ordinal;

    public BatchAssembler(
            ChangePosition start, Buckets buckets, ValueFormat format, Visibility visibility, Origin origin) {
        this.start = start;
        this.buckets = buckets;
        this.format = format;
        this.visibility = visibility;
        this.origin = origin;
        this.position = start;
        this.announced = start;
    }

    @Override
    public void begin(long xid, Lsn commitLsn, long commitTime) {
        this.xid = xid;
        this.commitLsn = commitLsn;
        this.commitTime = commitTime;
        ordinal = 0;
        inTransaction = true;
    }

    @Override
    public void insert(TableSchema schema, Tuple row) {
        if (wanted(schema)) {
            add(schema, ChangeKind.INSERT, row);
        }
    }

    @Override
    public void update(TableSchema schema, OldRow kind, @Nullable Tuple old, Tuple row) {
        if (!wanted(schema)) {
            return;
        }
        Tuple complete = old != null && row.hasUnchanged() ? complete(schema, kind, old, row) : row;
        if (old == null || !schema.keyed() || sameKey(schema, old, complete)) {
            add(schema, ChangeKind.UPDATE, complete);
        } else if (complete.hasUnchanged()) {
            changeKey(schema, old, complete);
        } else {
            add(schema, ChangeKind.MOVED, old);
            add(schema, ChangeKind.INSERT, complete);
        }
    }

    @Override
    public void delete(TableSchema schema, OldRow kind, Tuple old) {
        if (wanted(schema)) {
            add(schema, ChangeKind.DELETE, old);
        }
    }

    @Override
    public void truncate(List<TableSchema> tables, boolean restartIdentity) {
        if (!advance()) {
            return;
        }
        List<TableSchema> wanted = tables.stream()
                .filter(schema -> !visibility.copied(schema, xid, commitLsn))
                .toList();
        if (!wanted.isEmpty()) {
            closeAll();
            for (int bucket = 0; bucket < buckets.count(); bucket++) {
                done.add(new Truncation(wanted, bucket, position, restartIdentity));
            }
        }
    }

    @Override
    public void skipped() {
        advance();
    }

    @Override
    public void commit(Lsn commitLsn, Lsn endLsn) {
        inTransaction = false;
        position = position.max(ChangePosition.atEnd(endLsn));
    }

    /** The server has nothing to send up to {@code walEnd}; between transactions the position follows. */
    public void keepalive(Lsn walEnd) {
        if (!inTransaction) {
            position = position.max(ChangePosition.atEnd(walEnd));
        }
    }

    public boolean insideTransaction() {
        return inTransaction;
    }

    /** Up to where everything has been taken, whether drained or not. */
    public ChangePosition position() {
        return position;
    }

    /** Of the newest transaction heard of, microseconds since 2000-01-01 00:00 UTC; 0 before the first. */
    public long lastCommitTime() {
        return commitTime;
    }

    /** Bytes of rows that wait to be drained. */
    public long pendingBytes() {
        return pendingBytes;
    }

    /** All batches so far, in order; the last one is {@link Progress} when the position has moved. */
    public List<ChangeBatch> drain() {
        closeAll();
        if (position.isAfter(announced)) {
            done.add(new Progress(0, origin, position));
            announced = position;
        }
        List<ChangeBatch> drained = List.copyOf(done);
        done.clear();
        pendingBytes = 0;
        return drained;
    }

    private boolean wanted(TableSchema schema) {
        return advance() && !visibility.copied(schema, xid, commitLsn);
    }

    /** Counts a message; false when it lies at or before the start. */
    private boolean advance() {
        ordinal++;
        int byLsn = commitLsn.compareTo(start.lsn());
        if (byLsn < 0 || byLsn == 0 && ordinal <= start.ordinal()) {
            return false;
        }
        position = new ChangePosition(commitLsn, ordinal);
        return true;
    }

    private void add(TableSchema schema, ChangeKind kind, Tuple row) {
        int bucket = buckets.of(schema, row);
        @Nullable RowBatchBuilder[] builders = open.computeIfAbsent(schema, s -> new RowBatchBuilder[buckets.count()]);
        RowBatchBuilder builder = builders[bucket];
        if (builder == null) {
            builder = new RowBatchBuilder(schema, bucket, format);
            builders[bucket] = builder;
        }
        int before = builder.length();
        builder.add(position, commitTime, kind, row);
        pendingBytes += builder.length() - before;
        if (builder.length() >= BATCH_BYTES) {
            done.add(builder.build());
        }
    }

    private void changeKey(TableSchema schema, Tuple old, Tuple row) {
        closeAll();
        RowBatchBuilder rows = new RowBatchBuilder(schema, 0, format);
        rows.add(position, commitTime, ChangeKind.MOVED, old);
        rows.add(position, commitTime, ChangeKind.UPDATE, row);
        pendingBytes += rows.length();
        RowBatch both = rows.build();
        for (int bucket = 0; bucket < buckets.count(); bucket++) {
            done.add(new KeyChange(both, bucket, position));
        }
    }

    private void closeAll() {
        for (@Nullable RowBatchBuilder[] builders : open.values()) {
            for (RowBatchBuilder builder : builders) {
                if (builder != null && !builder.isEmpty()) {
                    done.add(builder.build());
                }
            }
        }
        open.clear();
    }

    /**
     * The new row with the values that the old row has and PostgreSQL did not send again: all of them from a full old
     * row, else those of the key, which is sent whole when a part of it is stored out of line.
     */
    private Tuple complete(TableSchema schema, OldRow kind, Tuple old, Tuple row) {
        int length = 0;
        for (int i = 0; i < row.width(); i++) {
            length += Math.max(0, source(schema, kind, old, row, i).length(i));
        }
        byte[] bytes = new byte[length];
        completed.reset(bytes, row.width());
        int at = 0;
        for (int i = 0; i < row.width(); i++) {
            Tuple from = source(schema, kind, old, row, i);
            int size = from.length(i);
            completed.value(i, at, size);
            if (size > 0) {
                System.arraycopy(from.bytes(), from.offset(i), bytes, at, size);
                at += size;
            }
        }
        return completed;
    }

    private static Tuple source(TableSchema schema, OldRow kind, Tuple old, Tuple row, int field) {
        boolean held = kind == OldRow.FULL || schema.columns().get(field).inKey();
        return row.isUnchanged(field) && held ? old : row;
    }

    private static boolean sameKey(TableSchema schema, Tuple old, Tuple row) {
        for (int i = 0; i < schema.keyWidth(); i++) {
            int field = schema.keyColumn(i);
            if (row.isUnchanged(field)) {
                continue;
            }
            if (old.length(field) != row.length(field)
                    || !java.util.Arrays.equals(
                            old.bytes(),
                            old.offset(field),
                            old.offset(field) + Math.max(0, old.length(field)),
                            row.bytes(),
                            row.offset(field),
                            row.offset(field) + Math.max(0, row.length(field)))) {
                return false;
            }
        }
        return true;
    }
}
