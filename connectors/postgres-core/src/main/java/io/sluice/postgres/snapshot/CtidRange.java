package io.sluice.postgres.snapshot;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of a table's blocks.
 *
 * @param firstBlock number of the first block, unsigned 32 bits
 * @param endBlock the block after the last; {@link #OPEN} for all that follow, so that blocks added between planning
 *     and reading are not missed
 */
public record CtidRange(long firstBlock, long endBlock) implements Serializable {
    public static final long OPEN = Long.MAX_VALUE;

    /** More ranges than this cost more to keep than they help. */
    static final int MOST = 16_384;

    private static final int BLOCK_BYTES = 8192;

    /**
     * Cuts a table into ranges of about {@code chunkBytes}; at least one, the last one open.
     *
     * @param tableBytes {@code pg_relation_size} of the main fork, asked after the snapshot was taken (RULES F2)
     */
    public static List<CtidRange> plan(long tableBytes, long chunkBytes) {
        long blocks = tableBytes / BLOCK_BYTES;
        long each = Math.max(1, chunkBytes / BLOCK_BYTES);
        if (blocks / each >= MOST) {
            each = blocks / MOST + 1;
        }
        List<CtidRange> ranges = new ArrayList<>();
        long from = 0;
        for (; from + each < blocks; from += each) {
            ranges.add(new CtidRange(from, from + each));
        }
        ranges.add(new CtidRange(from, OPEN));
        return List.copyOf(ranges);
    }

    /** The condition on {@code ctid}; a table in one piece needs none. */
    String condition() {
        String upper = endBlock == OPEN ? "" : " AND ctid < '(" + endBlock + ",0)'::tid";
        return firstBlock == 0 && endBlock == OPEN ? "" : " WHERE ctid >= '(" + firstBlock + ",0)'::tid" + upper;
    }
}
