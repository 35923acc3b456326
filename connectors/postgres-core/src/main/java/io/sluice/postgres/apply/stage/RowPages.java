package io.sluice.postgres.apply.stage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Room for rows, given out in order and never moved. Rows are copied in here rather than left in the batches that
 * brought them, where one live row would hold a whole batch.
 *
 * <p>Not thread-safe.
 */
final class RowPages {
    /** Small enough for a pipeline of thousands of tables with a few rows each. */
    private static final int FIRST_PAGE = 4 << 10;

    private static final int LARGEST_PAGE = 256 << 10;

    private final List<byte[]> pages = new ArrayList<>();
    private int[] filled = new int[4];
    private byte[] last = new byte[0];
    private int used;
    private int nextPage = FIRST_PAGE;
    private long allocated;
    private long length;

    /** Room for {@code bytes} bytes; where it is, to be asked with {@link #page} and {@link #offset}. */
    long reserve(int bytes) {
        if (last.length - used < bytes) {
            addPage(bytes);
        }
        long place = (long) (pages.size() - 1) << 32 | used;
        used += bytes;
        length += bytes;
        return place;
    }

    byte[] page(long place) {
        return pages.get((int) (place >>> 32));
    }

    static int offset(long place) {
        return (int) place;
    }

    /** Bytes given out. */
    long length() {
        return length;
    }

    /** Bytes of memory held. */
    long allocated() {
        return allocated;
    }

    /** Everything that was given out, in order. */
    void writeTo(RowSink sink) throws SQLException {
        for (int i = 0; i < pages.size(); i++) {
            sink.write(pages.get(i), 0, i == pages.size() - 1 ? used : filled[i]);
        }
    }

    private void addPage(int atLeast) {
        if (!pages.isEmpty()) {
            if (filled.length < pages.size()) {
                filled = Arrays.copyOf(filled, 2 * filled.length);
            }
            filled[pages.size() - 1] = used;
        }
        last = new byte[Math.max(atLeast, nextPage)];
        nextPage = Math.min(LARGEST_PAGE, 4 * nextPage);
        pages.add(last);
        allocated += last.length;
        used = 0;
    }
}
