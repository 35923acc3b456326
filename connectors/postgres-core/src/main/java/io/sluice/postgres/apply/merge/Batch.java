package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Step.Counts;
import io.sluice.postgres.apply.unit.Step.Rows;
import io.sluice.postgres.apply.unit.Step.SnapshotRows;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table that one set of statements merges.
 *
 * @param parts one staging table, or any number of pieces that units carry themselves
 * @param snapshot the chunk that they are of; null for changes of the stream
 */
record Batch(
        TableSchema schema,
        ValueFormat format,
        Counts counts,
        List<Staged> parts,
        @Nullable SnapshotRows snapshot) {
    Batch {
        parts = List.copyOf(parts);
    }

    static Batch of(Rows rows) {
        return new Batch(rows.schema(), rows.format(), rows.counts(), List.of(rows.staged()), null);
    }

    static Batch of(SnapshotRows snapshot) {
        Rows rows = snapshot.rows();
        return new Batch(rows.schema(), rows.format(), rows.counts(), List.of(rows.staged()), snapshot);
    }

    /** True when {@code other}, of another writer and so with other keys, can take part in the same statements. */
    boolean takes(Batch other) {
        return inline()
                && other.inline()
                && format == other.format
                && schema.equals(other.schema)
                && snapshot == null
                && other.snapshot == null;
    }

    Batch with(Batch other) {
        List<Staged> all = new ArrayList<>(parts);
        all.addAll(other.parts);
        Counts sum = new Counts(
                counts.inserts() + other.counts.inserts(),
                counts.updates() + other.counts.updates(),
                counts.deletes() + other.counts.deletes(),
                counts.incomplete() + other.counts.incomplete());
        return new Batch(schema, format, sum, all, null);
    }

    private boolean inline() {
        return parts.get(0) instanceof Step.Staged.Inline;
    }
}
