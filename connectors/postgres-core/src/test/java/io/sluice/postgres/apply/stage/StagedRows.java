package io.sluice.postgres.apply.stage;

import io.sluice.postgres.change.BigEndian;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads staged rows back, by the description of StagingLayout and of COPY's binary format only. */
final class StagedRows {
    static final String UNCHANGED = "(unchanged)";

    private StagedRows() {}

    /** A staged row; a value is null, {@link #UNCHANGED} or a text. */
    record Row(int segment, char op, long lsn, long ordinal, long time, List<@Nullable String> values) {}

    static List<Row> of(Segment segment) throws SQLException {
        var all = new java.io.ByteArrayOutputStream();
        segment.writeTo(all::write);
        return parse(all.toByteArray());
    }

    static List<Row> parse(byte[] bytes) {
        List<Row> rows = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int width = BigEndian.getShort(bytes, at);
            at += 2;
            List<byte @Nullable []> fields = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                int length = BigEndian.getInt(bytes, at);
                at += 4;
                fields.add(length < 0 ? null : Arrays.copyOfRange(bytes, at, at + length));
                at += Math.max(0, length);
            }
            byte[] unchanged = fields.get(5);
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 6; i < width; i++) {
                byte[] field = fields.get(i);
                boolean bit = unchanged != null && (unchanged[(i - 6) / 8] >> (i - 6) % 8 & 1) == 1;
                values.add(bit ? UNCHANGED : field == null ? null : new String(field, StandardCharsets.UTF_8));
            }
            rows.add(new Row(
                    BigEndian.getInt(fields.get(0), 0),
                    (char) fields.get(1)[0],
                    BigEndian.getLong(fields.get(2), 0),
                    BigEndian.getLong(fields.get(3), 0),
                    BigEndian.getLong(fields.get(4), 0),
                    values));
        }
        return rows;
    }
}
