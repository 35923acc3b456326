package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the steps of several writers are applied: what comes before a cut for all writers, the cut once,
 * then what follows it (RULES F6). Between two cuts the rows of a table are taken writer by writer, flush by flush;
 * different writers hold different keys.
 */
final class CommitOrder {
    /**
     * @param tables rows up to the cut, by source table
     * @param cut null after the last rows
     */
    record Stage(
            Map<TableName, List<Batch>> tables, @Nullable Step cut) {}

    private CommitOrder() {}

    /** @throws IllegalArgumentException when writers with rows of the stream do not have the same cuts */
    static List<Stage> of(List<Unit> units) {
        TreeMap<ChangePosition, Step> cuts = new TreeMap<>();
        for (Unit unit : units) {
            unit.steps().forEach(step -> {
                ChangePosition at = cutPosition(step);
                if (at != null) {
                    cuts.putIfAbsent(at, step);
                }
            });
        }
        List<List<List<Step>>> pieces = new ArrayList<>();
        byWriter(units).forEach((writer, steps) -> pieces.add(pieces(writer, steps, List.copyOf(cuts.keySet()))));
        List<Step> ordered = new ArrayList<>(cuts.values());
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i <= ordered.size(); i++) {
            int piece = i;
            Map<TableName, List<Batch>> tables =
                    merged(pieces.stream().map(p -> p.get(piece)).toList());
            Step cut = i < ordered.size() ? ordered.get(i) : null;
            if (cut != null || !tables.isEmpty()) {
                stages.add(new Stage(tables, cut));
            }
        }
        return stages;
    }

    /** After an aborted checkpoint one call holds several units of a writer: they are one sequence. */
    private static Map<UUID, List<Step>> byWriter(List<Unit> units) {
        Map<UUID, List<Step>> writers = new LinkedHashMap<>();
        for (Unit unit : units) {
            writers.computeIfAbsent(unit.incarnation(), w -> new ArrayList<>()).addAll(unit.steps());
        }
        return writers;
    }

    static @Nullable ChangePosition cutPosition(Step step) {
        if (step instanceof Step.KeyUpdate key) {
            return key.position();
        }
        return step instanceof Step.Truncate truncate ? truncate.position() : null;
    }

    /** The writer's rows before each cut and after the last one. */
    private static List<List<Step>> pieces(UUID writer, List<Step> steps, List<ChangePosition> cuts) {
        List<List<Step>> pieces = new ArrayList<>();
        List<Step> piece = new ArrayList<>();
        boolean rowsOfStream = false;
        for (Step step : steps) {
            ChangePosition at = cutPosition(step);
            if (at == null) {
                piece.add(step);
                rowsOfStream |= step instanceof Step.Rows;
                continue;
            }
            if (pieces.size() >= cuts.size() || !at.equals(cuts.get(pieces.size()))) {
                throw new IllegalArgumentException("writer " + writer + " has a cut at " + at + " where the others have"
                        + (pieces.size() < cuts.size() ? " one at " + cuts.get(pieces.size()) : " none"));
            }
            pieces.add(piece);
            piece = new ArrayList<>();
        }
        if (pieces.size() < cuts.size() && (rowsOfStream || !pieces.isEmpty())) {
            throw new IllegalArgumentException(
                    "writer " + writer + " lacks the cut at " + cuts.get(pieces.size()) + " that others have");
        }
        pieces.add(piece);
        // A writer without buckets hears no cut; a snapshot's rows come before the stream's.
        while (pieces.size() <= cuts.size()) {
            pieces.add(List.of());
        }
        return pieces;
    }

    private static Map<TableName, List<Batch>> merged(List<List<Step>> writers) {
        Map<TableName, List<List<Batch>>> byTable = new LinkedHashMap<>();
        for (List<Step> steps : writers) {
            Map<TableName, List<Batch>> own = new LinkedHashMap<>();
            for (Step step : steps) {
                Batch batch = batch(step);
                own.computeIfAbsent(batch.schema().name(), t -> new ArrayList<>())
                        .add(batch);
            }
            own.forEach((table, batches) ->
                    byTable.computeIfAbsent(table, t -> new ArrayList<>()).add(batches));
        }
        Map<TableName, List<Batch>> merged = new LinkedHashMap<>();
        byTable.forEach((table, all) -> merged.put(table, interleave(all)));
        return merged;
    }

    /** First flushes of all writers, then second ones; what needs no staging table goes into one batch. */
    private static List<Batch> interleave(List<List<Batch>> writers) {
        List<Batch> result = new ArrayList<>();
        int rounds = writers.stream().mapToInt(List::size).max().orElse(0);
        for (int round = 0; round < rounds; round++) {
            int first = result.size();
            for (List<Batch> batches : writers) {
                if (round < batches.size()) {
                    add(result, first, batches.get(round));
                }
            }
        }
        return result;
    }

    private static void add(List<Batch> result, int from, Batch batch) {
        for (int i = from; i < result.size(); i++) {
            if (result.get(i).takes(batch)) {
                result.set(i, result.get(i).with(batch));
                return;
            }
        }
        result.add(batch);
    }

    private static Batch batch(Step step) {
        if (step instanceof Step.Rows rows) {
            return Batch.of(rows);
        }
        if (step instanceof Step.SnapshotRows snapshot) {
            return Batch.of(snapshot);
        }
        throw new IllegalArgumentException("a cut is no batch: " + step.getClass());
    }
}
