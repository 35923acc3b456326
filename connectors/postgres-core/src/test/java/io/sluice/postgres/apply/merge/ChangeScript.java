package io.sluice.postgres.apply.merge;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Random changes of a keyed table (id int, u int unique, big text) and a keyless one (note text), as a slot would send
 * them, and what the tables hold after each.
 */
final class ChangeScript {
    static final int BUCKETS = 4;
    private static final int KEYS = 12;

    /** A row but for its key. */
    record Values(@Nullable Integer u, String big) {}

    /** What a change sends, in order, and the tables after it. */
    record Event(
            ChangePosition position, List<ChangeBatch> batches, TreeMap<Integer, Values> keyed, List<String> notes) {}

    private final Random random;
    private final TableSchema keyed;
    private final TableSchema keyless;
    private final List<Event> events = new ArrayList<>();
    private final TreeMap<Integer, Values> rows = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private List<ChangeBatch> batches = new ArrayList<>();
    private ChangePosition position = ChangePosition.ZERO;

    ChangeScript(Random random, TableSchema keyed, TableSchema keyless) {
        this.random = random;
        this.keyed = keyed;
        this.keyless = keyless;
    }

    /** Transactions of one to six changes; transaction n commits at LSN 100 n and ends at 100 n + 50. */
    List<Event> write(int transactions) {
        for (int n = 1; n <= transactions; n++) {
            int changes = 1 + random.nextInt(6);
            for (int ordinal = 1; ordinal <= changes; ordinal++) {
                position = Target.at(100L * n, ordinal);
                change();
                events.add(new Event(position, List.copyOf(batches), new TreeMap<>(rows), List.copyOf(notes)));
                batches = new ArrayList<>();
            }
        }
        return events;
    }

    private void change() {
        int dice = random.nextInt(100);
        int key = random.nextInt(KEYS);
        boolean there = rows.containsKey(key);
        if (dice < 15) {
            String note = "n" + notes.size();
            notes.add(note);
            RowBatchBuilder batch = new RowBatchBuilder(keyless, 0, ValueFormat.BINARY);
            batch.add(position, StagedRows.TIME, ChangeKind.INSERT, tuple(note));
            batches.add(batch.build());
        } else if (dice < 17) {
            rows.clear();
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                batches.add(new Truncation(List.of(keyed), bucket, position, false));
            }
        } else if (!there) {
            Values values = new Values(freeValue(), big());
            rows.put(key, values);
            send(ChangeKind.INSERT, key, values.u(), values.big());
        } else if (dice < 40) {
            rows.remove(key);
            send(ChangeKind.DELETE, key, null, null);
        } else if (dice < 65) {
            move(key, random.nextInt(KEYS));
        } else {
            update(key);
        }
    }

    private void update(int key) {
        Values old = Objects.requireNonNull(rows.get(key));
        boolean same = random.nextInt(3) > 0;
        Values values = new Values(random.nextBoolean() ? old.u() : freeValue(), same ? old.big() : big());
        rows.put(key, values);
        send(ChangeKind.UPDATE, key, values.u(), same && random.nextBoolean() ? StagedRows.UNCHANGED : values.big());
    }

    private void move(int from, int to) {
        if (rows.containsKey(to)) {
            return;
        }
        Values values = Objects.requireNonNull(rows.remove(from));
        rows.put(to, values);
        if (random.nextBoolean()) {
            send(ChangeKind.MOVED, from, null, null);
            send(ChangeKind.INSERT, to, values.u(), values.big());
            return;
        }
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            RowBatchBuilder batch = new RowBatchBuilder(keyed, bucket, ValueFormat.BINARY);
            batch.add(position, StagedRows.TIME, ChangeKind.MOVED, tuple(from, null, null));
            batch.add(position, StagedRows.TIME, ChangeKind.UPDATE, tuple(to, values.u(), StagedRows.UNCHANGED));
            batches.add(new KeyChange(batch.build(), bucket, position));
        }
    }

    /** Values that others gave up come again soon. */
    private @Nullable Integer freeValue() {
        int value = random.nextInt(KEYS);
        return rows.values().stream().anyMatch(row -> Objects.equals(row.u(), value)) ? null : value;
    }

    /** Now and then more than may ride in a unit. */
    private String big() {
        return Integer.toString(random.nextInt(1000)).repeat(random.nextInt(12) == 0 ? 400_000 : 1);
    }

    private void send(ChangeKind kind, @Nullable Object... values) {
        int key = (Integer) Objects.requireNonNull(values[0]);
        RowBatchBuilder batch = new RowBatchBuilder(keyed, key % BUCKETS, ValueFormat.BINARY);
        batch.add(position, StagedRows.TIME, kind, tuple(values));
        RowBatch built = batch.build();
        batches.add(built);
    }

    private static Tuple tuple(@Nullable Object... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] offsets = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            offsets[i] = bytes.size();
            if (values[i] instanceof Integer number) {
                bytes.writeBytes(java.nio.ByteBuffer.allocate(4).putInt(number).array());
            } else if (values[i] instanceof String text) {
                bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        Tuple tuple = new Tuple();
        tuple.reset(bytes.toByteArray(), values.length);
        for (int i = 0; i < values.length; i++) {
            int end = i + 1 < values.length ? offsets[i + 1] : bytes.size();
            if (values[i] == StagedRows.UNCHANGED) {
                tuple.setUnchanged(i);
            } else if (values[i] != null) {
                tuple.value(i, offsets[i], end - offsets[i]);
            }
        }
        return tuple;
    }
}
