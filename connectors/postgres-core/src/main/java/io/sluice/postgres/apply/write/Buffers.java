package io.sluice.postgres.apply.write;

import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.stage.KeyFold;
import io.sluice.postgres.apply.stage.PlainRows;
import io.sluice.postgres.apply.stage.Segment;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The changes of the stream that a writer holds: for each table the segment that is open, and when it is closed.
 *
 * <p>Not thread-safe.
 */
final class Buffers {
    private final FlushPolicy policy;
    private final long memoryLimit;
    private final Map<TableName, Buffer> open = new LinkedHashMap<>();
    private long held;

    /** Takes a closed segment; it has at least one row. */
    interface Closed {
        void take(TargetTable target, ValueFormat format, int number, Segment segment) throws SQLException;
    }

    private static final class Buffer {
        final TargetTable target;
        final ValueFormat format;
        final int number;
        final Segment segment;
        /** What {@link Buffers#held} counts of it. */
        long counted;

        Buffer(TargetTable target, ValueFormat format, int number) {
            TableSchema schema = target.source();
            this.target = target;
            this.format = format;
            this.number = number;
            this.segment = schema.bytewiseKey() ? new KeyFold(schema, number) : new PlainRows(schema, number);
        }
    }

    /** @param memoryLimit bytes that all segments together may hold */
    Buffers(FlushPolicy policy, long memoryLimit) {
        this.policy = policy;
        this.memoryLimit = memoryLimit;
    }

    /** Takes a batch's rows and closes segments that are full. */
    void add(TargetTable target, RowBatch batch, IntSupplier numbers, Closed closed) throws SQLException {
        RowCursor row = new RowCursor(batch);
        boolean alone = target.source().keyed() && !target.source().bytewiseKey();
        Buffer buffer = buffer(target, batch.format(), numbers, closed);
        while (row.next()) {
            // The target keeps the last row of a key; one that lacks values may not hide an earlier one that has them.
            boolean incomplete = alone && row.tuple().hasUnchanged();
            if (incomplete) {
                close(batch.schema().name(), closed);
                buffer = buffer(target, batch.format(), numbers, closed);
            }
            buffer.segment.add(row);
            if (incomplete) {
                close(batch.schema().name(), closed);
                buffer = buffer(target, batch.format(), numbers, closed);
            } else if (buffer.segment.rows() >= policy.rows() || buffer.segment.bytes() >= policy.bytes()) {
                if (policy.scope() == FlushPolicy.Scope.ALL_TABLES) {
                    closeAll(closed);
                } else {
                    close(batch.schema().name(), closed);
                }
                buffer = buffer(target, batch.format(), numbers, closed);
            }
        }
        count(buffer);
        relieve(closed);
    }

    /** Closes everything that is open, in the order in which it was opened. */
    void closeAll(Closed closed) throws SQLException {
        for (TableName table : List.copyOf(open.keySet())) {
            close(table, closed);
        }
    }

    /** Closes what holds at least so many bytes of rows. */
    void closeLarge(long bytes, Closed closed) throws SQLException {
        for (Buffer buffer : List.copyOf(open.values())) {
            if (buffer.segment.bytes() >= bytes) {
                close(buffer.target.source().name(), closed);
            }
        }
    }

    private Buffer buffer(TargetTable target, ValueFormat format, IntSupplier numbers, Closed closed)
            throws SQLException {
        TableSchema schema = target.source();
        Buffer buffer = open.get(schema.name());
        if (buffer != null && buffer.format == format && buffer.target.equals(target)) {
            return buffer;
        }
        close(schema.name(), closed);
        buffer = new Buffer(target, format, numbers.getAsInt());
        open.put(schema.name(), buffer);
        count(buffer);
        return buffer;
    }

    private void close(TableName table, Closed closed) throws SQLException {
        Buffer buffer = open.remove(table);
        if (buffer == null) {
            return;
        }
        held -= buffer.counted;
        if (buffer.segment.rows() > 0) {
            closed.take(buffer.target, buffer.format, buffer.number, buffer.segment);
        }
    }

    /** The largest go first, down to half of what is allowed, so that not every batch closes one. */
    private void relieve(Closed closed) throws SQLException {
        if (held <= memoryLimit) {
            return;
        }
        List<Buffer> largest = new ArrayList<>(open.values());
        largest.sort(Comparator.comparingLong(buffer -> -buffer.counted));
        for (Buffer buffer : largest) {
            if (held <= memoryLimit / 2) {
                return;
            }
            close(buffer.target.source().name(), closed);
        }
    }

    private void count(Buffer buffer) {
        held += buffer.segment.memory() - buffer.counted;
        buffer.counted = buffer.segment.memory();
    }
}
