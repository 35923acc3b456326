package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.unit.StagingLayout;
import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.RowFormat;
import io.sluice.postgres.change.Tuple;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;

/** Rows of a change of key, as {@link StagingLayout} has them. Rare, so made for reading. */
final class KeyChangeRows {
    private KeyChangeRows() {}

    static byte[] encode(RowBatch batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RowCursor rows = new RowCursor(batch);
        while (rows.next()) {
            Tuple tuple = rows.tuple();
            byte[] fields = new byte[2];
            BigEndian.putShort(fields, 0, StagingLayout.HEADER_COLUMNS + tuple.width());
            out.writeBytes(fields);
            field(out, number(0, 4));
            field(out, new byte[] {rows.kind().code()});
            field(out, number(rows.lsn(), 8));
            field(out, number(rows.ordinal(), 8));
            field(out, number(rows.commitTime(), 8));
            BitSet unchanged = new BitSet(tuple.width());
            for (int i = 0; i < tuple.width(); i++) {
                unchanged.set(i, tuple.isUnchanged(i));
            }
            if (unchanged.isEmpty()) {
                out.writeBytes(number(RowFormat.NULL, 4));
            } else {
                field(out, Arrays.copyOf(unchanged.toByteArray(), (tuple.width() + 7) / 8));
            }
            for (int i = 0; i < tuple.width(); i++) {
                int length = tuple.length(i);
                if (length < 0) {
                    out.writeBytes(number(RowFormat.NULL, 4));
                } else {
                    out.writeBytes(number(length, 4));
                    out.write(tuple.bytes(), tuple.offset(i), length);
                }
            }
        }
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, byte[] value) {
        out.writeBytes(number(value.length, 4));
        out.writeBytes(value);
    }

    private static byte[] number(long value, int length) {
        byte[] bytes = new byte[8];
        BigEndian.putLong(bytes, 0, length == 4 ? value << 32 : value);
        return Arrays.copyOf(bytes, length);
    }
}
