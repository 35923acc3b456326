package io.sluice.postgres.apply.load;

import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.CopyRowCursor;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Appends the same two timestamps to every row of a COPY. */
final class MetadataValues {
    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

    /** Seconds from 1970 to 2000, PostgreSQL's epoch. */
    private static final long EPOCH = 946_684_800L;

    private static final int BINARY_LENGTH = 24;

    private byte[] bytes = new byte[0];
    private int length;

    /**
     * Rows of the cursor from where it stands to its end, each with both times; to be asked with {@link #bytes} and
     * {@link #length}.
     *
     * @param first microseconds since 2000-01-01 00:00 UTC
     * @param second likewise
     */
    void append(CopyRowCursor rows, SnapshotBatch.Rows batch, long first, long second) {
        boolean binary = batch.format() == ValueFormat.BINARY;
        byte[] values = binary ? binary(first, second) : text(first, second);
        int needed = Math.addExact(batch.length() - rows.end(), Math.multiplyExact(batch.count(), values.length));
        if (bytes.length < needed) {
            bytes = new byte[needed];
        }
        length = 0;
        while (rows.skip()) {
            int start = length;
            int size = rows.end() - rows.start() - (binary ? 0 : 1);
            System.arraycopy(batch.bytes(), rows.start(), bytes, length, size);
            length += size;
            System.arraycopy(values, 0, bytes, length, values.length);
            length += values.length;
            if (binary) {
                BigEndian.putShort(bytes, start, BigEndian.getShort(bytes, start) + 2);
            }
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Now, in microseconds since 2000-01-01 00:00 UTC. */
    static long now() {
        Instant now = Instant.now();
        return (now.getEpochSecond() - EPOCH) * 1_000_000 + now.getNano() / 1000;
    }

    private static byte[] binary(long first, long second) {
        byte[] values = new byte[BINARY_LENGTH];
        BigEndian.putInt(values, 0, 8);
        BigEndian.putLong(values, 4, first);
        BigEndian.putInt(values, 12, 8);
        BigEndian.putLong(values, 16, second);
        return values;
    }

    private static byte[] text(long first, long second) {
        return ("\t" + text(first) + "\t" + text(second) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(long micros) {
        return TEXT.format(Instant.ofEpochSecond(
                EPOCH + Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L));
    }
}
