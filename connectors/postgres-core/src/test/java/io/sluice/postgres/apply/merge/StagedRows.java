package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.unit.StagingLayout;
import io.sluice.postgres.apply.unit.Step.Counts;
import io.sluice.postgres.change.ChangePosition;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in {@link StagingLayout}, written down one by one and apart from the code that stages them. */
final class StagedRows {
    /** In place of a value that did not change. */
    static final Object UNCHANGED = new Object();
    /** Microseconds since 2000-01-01: 2000-01-01 00:00:01. */
    static final long TIME = 1_000_000;

    private record Row(char op, ChangePosition position, Object[] values) {
        private boolean incomplete() {
            for (Object value : values) {
                if (value == UNCHANGED) {
                    return true;
                }
            }
            return false;
        }
    }

    private final List<Row> rows = new ArrayList<>();

    /**
     * @param op of {@link StagingLayout}
     * @param values null, {@link #UNCHANGED}, or a text, int4 or bytes; texts in the TEXT format
     */
    StagedRows row(char op, ChangePosition position, @Nullable Object... values) {
        rows.add(new Row(op, position, values));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    Counts counts() {
        return new Counts(count('I'), count('U'), count('D') + count('M'), (int)
                rows.stream().filter(Row::incomplete).count());
    }

    private int count(char op) {
        return (int) rows.stream().filter(row -> row.op == op).count();
    }

    byte[] bytes(int segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Row row : rows) {
                write(out, segment, row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, int segment, Row row) throws IOException {
        out.writeShort(StagingLayout.HEADER_COLUMNS + row.values.length);
        out.writeInt(4);
        out.writeInt(segment);
        out.writeInt(1);
        out.writeByte(row.op);
        out.writeInt(8);
        out.writeLong(row.position.lsn().value());
        out.writeInt(8);
        out.writeLong(row.position.ordinal());
        out.writeInt(8);
        out.writeLong(TIME);
        if (row.incomplete()) {
            byte[] bits = new byte[(row.values.length + 7) / 8];
            for (int i = 0; i < row.values.length; i++) {
                if (row.values[i] == UNCHANGED) {
                    bits[i / 8] |= (byte) (1 << i % 8);
                }
            }
            out.writeInt(bits.length);
            out.write(bits);
        } else {
            out.writeInt(-1);
        }
        for (Object value : row.values) {
            if (value == null || value == UNCHANGED) {
                out.writeInt(-1);
            } else if (value instanceof Integer number) {
                out.writeInt(4);
                out.writeInt(number);
            } else {
                byte[] text =
                        value instanceof byte[] raw ? raw : value.toString().getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        }
    }
}
