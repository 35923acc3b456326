package io.sluice.flink.source.enumerator;

import io.sluice.postgres.change.TableName;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every few seconds how far the copy is. */
final class CopyReport {
    private static final Logger LOG = LoggerFactory.getLogger(CopyReport.class);
    private static final long EVERY = TimeUnit.SECONDS.toNanos(5);
    private static final long MEGABYTE = 1 << 20;

    private final ChunkBook book;
    private final int tables;
    private final long bytes;
    private long rows;
    private long next = System.nanoTime() + EVERY;

    /** @param bytes of each table on the source's disk */
    CopyReport(ChunkBook book, Map<TableName, Long> bytes) {
        this.book = book;
        this.tables = bytes.size();
        this.bytes = bytes.values().stream().mapToLong(Long::longValue).sum();
        LOG.info("Copying {} tables of {} MB in {} chunks.", tables, this.bytes / MEGABYTE, book.chunks());
    }

    void read(long rowsOfChunk) {
        rows += rowsOfChunk;
    }

    long rows() {
        return rows;
    }

    /** Call often. */
    void sayNowAndThen() {
        if (System.nanoTime() - next < 0 || book.allDone()) {
            return;
        }
        next = System.nanoTime() + EVERY;
        int read = book.done() + book.reported();
        if (read == book.chunks()) {
            LOG.info(
                    "Copied all {} chunks, {} rows; waiting for a checkpoint to complete before anything follows.",
                    read,
                    rows);
        } else {
            LOG.info(
                    "Copied {} of {} chunks ({} %), about {} of {} MB, {} rows.",
                    read,
                    book.chunks(),
                    100L * read / book.chunks(),
                    bytes / MEGABYTE * read / book.chunks(),
                    bytes / MEGABYTE,
                    rows);
        }
    }
}
