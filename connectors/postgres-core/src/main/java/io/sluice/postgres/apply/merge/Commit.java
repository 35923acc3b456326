package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Applied;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt to apply the units of one barrier, inside one transaction. */
final class Commit {
    private final TargetSession session;
    private final Ledger ledger;
    private final StagedTables staged;
    private final Levels levels;
    private final boolean careful;
    private final Tally tally = new Tally();

    /** @param careful a table whose rows collide is tried again by itself, at the price of a savepoint for each */
    Commit(TargetSession session, Ledger ledger, StagedTables staged, Levels levels, boolean careful) {
        this.session = session;
        this.ledger = ledger;
        this.staged = staged;
        this.levels = levels;
        this.careful = careful;
    }

    /** @param end how far the stream was sent; null when nothing was heard of it */
    Outcome run(List<Unit> units, Unit.@Nullable End end) throws SQLException {
        Optional<Applied> before = ledger.lock(connection());
        ChangePosition position = before.map(Applied::position).orElse(ChangePosition.ZERO);
        if (end != null && before.isPresent()) {
            Origins.check(before.get().origin(), end.origin());
        }
        boolean newer = end != null && end.position().isAfter(position);
        Map<UUID, Set<String>> tables = staged.of(connection(), units);
        Set<String> owned = new HashSet<>();
        tables.values().forEach(owned::addAll);
        List<Unit> todo = new ArrayList<>();
        for (Unit unit : units) {
            todo.add(newer ? unit : withoutStream(unit));
            if (newer) {
                requireStaged(unit, tables.getOrDefault(unit.id(), Set.of()), position);
            }
        }
        boolean changed = false;
        for (CommitOrder.Stage stage : CommitOrder.of(todo)) {
            for (Map.Entry<TableName, List<Batch>> rows : stage.tables().entrySet()) {
                changed |= merge(rows.getKey(), rows.getValue(), position, owned);
            }
            Step cut = stage.cut();
            ChangePosition at = cut == null ? null : CommitOrder.cutPosition(cut);
            if (cut != null && at != null && at.isAfter(position)) {
                apply(cut);
            }
        }
        staged.free(connection(), units, owned);
        if (newer) {
            ledger.move(connection(), new Applied(end.origin(), end.position()));
        }
        return new Outcome(
                newer ? end.position() : before.map(Applied::position).orElse(null), newer || changed, tally);
    }

    /** @param applied false when there was nothing left to do */
    record Outcome(@Nullable ChangePosition position, boolean applied, Tally tally) {}

    private boolean merge(TableName source, List<Batch> batches, ChangePosition position, Set<String> owned)
            throws SQLException {
        List<Selected> rows = new ArrayList<>();
        SnapshotProgress snapshots = new SnapshotProgress(ledger, connection(), source);
        for (Batch batch : batches) {
            Step.SnapshotRows snapshot = batch.snapshot();
            if (snapshot == null) {
                rows.add(Selected.after(batch, position));
                continue;
            }
            long have = snapshots.take(snapshot);
            if (have < snapshot.end()) {
                if (!StagedTables.present(snapshot.rows(), owned)) {
                    throw new LostUnitException("rows " + have + " to " + snapshot.end() + " of chunk "
                            + snapshot.chunk().index() + " of " + source);
                }
                rows.add(Selected.from(batch, have));
            }
        }
        for (int from = 0, to; from < rows.size(); from = to) {
            TableSchema schema = rows.get(from).batch().schema();
            to = from + 1;
            while (to < rows.size() && rows.get(to).batch().schema().equals(schema)) {
                to++;
            }
            merge(new TableMerge(session, tally, session.table(schema)), source, rows.subList(from, to));
        }
        snapshots.finish();
        return snapshots.moved();
    }

    private void merge(TableMerge merge, TableName source, List<Selected> rows) throws SQLException {
        if (!careful) {
            levels.trying(source);
            merge.apply(rows, levels.of(source));
            return;
        }
        while (true) {
            Savepoint before = connection().setSavepoint();
            try {
                merge.apply(rows, levels.of(source));
                connection().releaseSavepoint(before);
                return;
            } catch (SQLException e) {
                if (!Levels.collision(e) || !levels.raise(source)) {
                    throw e;
                }
                connection().rollback(before);
            }
        }
    }

    private void apply(Step cut) throws SQLException {
        Cuts cuts = new Cuts(session, tally);
        if (cut instanceof Step.Truncate truncate) {
            cuts.truncate(truncate);
        } else if (cut instanceof Step.KeyUpdate key) {
            changeKey(cuts, key);
        } else {
            throw new IllegalArgumentException("no cut: " + cut.getClass());
        }
    }

    private void changeKey(Cuts cuts, Step.KeyUpdate key) throws SQLException {
        TableName source = key.rows().schema().name();
        if (!careful) {
            levels.trying(source);
            cuts.changeKey(key, levels.of(source) == TableMerge.Level.ASIDE);
            return;
        }
        Savepoint before = connection().setSavepoint();
        try {
            cuts.changeKey(key, false);
            connection().releaseSavepoint(before);
        } catch (SQLException e) {
            if (!Levels.collision(e)) {
                throw e;
            }
            connection().rollback(before);
            cuts.changeKey(key, true);
        }
    }

    private static Unit withoutStream(Unit unit) {
        return new Unit(
                unit.pipeline(),
                unit.incarnation(),
                unit.id(),
                unit.end(),
                unit.steps().stream()
                        .filter(Step.SnapshotRows.class::isInstance)
                        .toList());
    }

    /** Rows that are gone are never taken for rows that are applied (RULES F3). */
    private static void requireStaged(Unit unit, Set<String> own, ChangePosition position) {
        for (Step step : unit.steps()) {
            if (step instanceof Step.Rows rows && !StagedTables.present(rows, own)) {
                throw new LostUnitException("changes of " + rows.schema().name() + " in unit " + unit.id()
                        + ", which are not applied yet (the ledger is at " + position + ")");
            }
        }
    }

    private Connection connection() {
        return session.connection();
    }
}
