package io.sluice.postgres.apply.stage;

import io.sluice.postgres.apply.unit.StagingLayout;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.KeyHash;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last state of each key: an open-addressing table over rows that lie ready for COPY. Values that a later change
 * did not touch come from the earlier row of the same key.
 */
public final class KeyFold implements Segment {
    private static final int FIRST_SLOTS = 64;
    private static final int WASTE = 1 << 20;
    private static final int PIECE = 64 << 10;

    private final TableSchema schema;
    private final StagedRow writer;
    private final Tuple earlier = new Tuple();
    private RowPages pages = new RowPages();
    /** Entry number + 1, or 0. */
    private int[] slots = new int[FIRST_SLOTS];

    private int[] hashes = new int[FIRST_SLOTS / 2];
    private long[] places = new long[FIRST_SLOTS / 2];
    private int[] lengths = new int[FIRST_SLOTS / 2];
    private boolean[] bornHere = new boolean[FIRST_SLOTS / 2];
    private int entries;
    private long waste;
    private byte[] scratch = new byte[0];

    /**
     * @param number of the segment within its unit
     * @throws IllegalArgumentException when the table's keys do not compare as bytes
     */
    public KeyFold(TableSchema schema, int number) {
        if (!schema.bytewiseKey()) {
            throw new IllegalArgumentException("rows of " + schema.name() + " cannot be told apart by their key bytes");
        }
        this.schema = schema;
        this.writer = new StagedRow(schema, number);
    }

    @Override
    public void add(RowCursor row) {
        Tuple tuple = row.tuple();
        int hash = KeyHash.of(schema, tuple);
        int mask = slots.length - 1;
        int slot = hash & mask;
        for (int entry = slots[slot]; entry != 0; slot = slot + 1 & mask, entry = slots[slot]) {
            if (hashes[entry - 1] == hash && sameKey(entry - 1, tuple)) {
                replace(entry - 1, row);
                return;
            }
        }
        append(slot, hash, row);
    }

    private void append(int slot, int hash, RowCursor row) {
        checkKey(row);
        if (entries == hashes.length) {
            grow();
            append(freeSlot(hash), hash, row);
            return;
        }
        int length = writer.measure(row.kind().code(), row.tuple(), null);
        long place = pages.reserve(length);
        write(pages.page(place), RowPages.offset(place), row);
        slots[slot] = entries + 1;
        hashes[entries] = hash;
        places[entries] = place;
        lengths[entries] = length;
        bornHere[entries] = row.kind() == ChangeKind.INSERT;
        entries++;
    }

    private void replace(int entry, RowCursor row) {
        byte[] page = pages.page(places[entry]);
        int at = RowPages.offset(places[entry]);
        Tuple base = earlierValues(page, at, row);
        int length = writer.measure(op(row.kind(), bornHere[entry]), row.tuple(), base);
        if (length != lengths[entry]) {
            waste += lengths[entry];
            long place = pages.reserve(length);
            write(pages.page(place), RowPages.offset(place), row);
            places[entry] = place;
            lengths[entry] = length;
            if (waste > WASTE && waste > pages.length() / 2) {
                compact();
            }
        } else if (base == null) {
            write(page, at, row);
        } else {
            // The base lies where the row goes.
            scratch = scratch.length < length ? new byte[length] : scratch;
            write(scratch, 0, row);
            System.arraycopy(scratch, 0, page, at, length);
        }
    }

    private @Nullable Tuple earlierValues(byte[] page, int at, RowCursor row) {
        byte was = StagedRow.op(page, at);
        boolean there = was == StagingLayout.INSERT || was == StagingLayout.UPDATE;
        if (!there || row.kind() != ChangeKind.UPDATE || !row.tuple().hasUnchanged()) {
            return null;
        }
        writer.read(page, at, earlier);
        return earlier;
    }

    /** What all changes of a key so far are together. */
    private static byte op(ChangeKind last, boolean bornHere) {
        return switch (last) {
            case INSERT, UPDATE -> bornHere ? StagingLayout.INSERT : StagingLayout.UPDATE;
            case DELETE -> StagingLayout.DELETE;
            case MOVED -> StagingLayout.MOVED;
        };
    }

    private void write(byte[] to, int at, RowCursor row) {
        writer.write(to, at, row.lsn(), row.ordinal(), row.commitTime());
    }

    private boolean sameKey(int entry, Tuple tuple) {
        return writer.sameKey(pages.page(places[entry]), RowPages.offset(places[entry]), tuple);
    }

    /** A key without value belongs to no bucket and to no row. */
    private void checkKey(RowCursor row) {
        for (int i = 0; i < schema.keyWidth(); i++) {
            if (row.tuple().length(schema.keyColumn(i)) < 0) {
                throw new IllegalStateException("a change of " + schema.name() + " at " + row.position()
                        + " has no value for its key column "
                        + schema.columns().get(schema.keyColumn(i)).name());
            }
        }
    }

    private void grow() {
        int room = 2 * hashes.length;
        hashes = Arrays.copyOf(hashes, room);
        places = Arrays.copyOf(places, room);
        lengths = Arrays.copyOf(lengths, room);
        bornHere = Arrays.copyOf(bornHere, room);
        slots = new int[2 * room];
        for (int i = 0; i < entries; i++) {
            slots[freeSlot(hashes[i])] = i + 1;
        }
    }

    private int freeSlot(int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void compact() {
        RowPages old = pages;
        pages = new RowPages();
        for (int i = 0; i < entries; i++) {
            long place = pages.reserve(lengths[i]);
            System.arraycopy(
                    old.page(places[i]),
                    RowPages.offset(places[i]),
                    pages.page(place),
                    RowPages.offset(place),
                    lengths[i]);
            places[i] = place;
        }
        waste = 0;
    }

    @Override
    public int rows() {
        return entries;
    }

    @Override
    public long bytes() {
        return pages.length() - waste;
    }

    @Override
    public long memory() {
        return pages.allocated() + 4L * slots.length + 17L * hashes.length;
    }

    @Override
    public Step.Counts counts() {
        int inserts = 0;
        int updates = 0;
        int incomplete = 0;
        for (int i = 0; i < entries; i++) {
            byte[] page = pages.page(places[i]);
            int at = RowPages.offset(places[i]);
            byte op = StagedRow.op(page, at);
            if (op == StagingLayout.INSERT) {
                inserts++;
            } else if (op == StagingLayout.UPDATE) {
                updates++;
                incomplete += StagedRow.incomplete(page, at) ? 1 : 0;
            }
        }
        return new Step.Counts(inserts, updates, entries - inserts - updates, incomplete);
    }

    @Override
    public void writeTo(RowSink sink) throws SQLException {
        if (waste == 0) {
            pages.writeTo(sink);
            return;
        }
        byte[] piece = new byte[PIECE];
        int filled = 0;
        for (int i = 0; i < entries; i++) {
            byte[] page = pages.page(places[i]);
            int at = RowPages.offset(places[i]);
            if (filled + lengths[i] > PIECE) {
                sink.write(piece, 0, filled);
                filled = 0;
            }
            if (lengths[i] > PIECE) {
                sink.write(page, at, lengths[i]);
            } else {
                System.arraycopy(page, at, piece, filled, lengths[i]);
                filled += lengths[i];
            }
        }
        sink.write(piece, 0, filled);
    }
}
