package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Applied;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the units of one barrier after the other. Units may come twice, late, or from a run that was thought dead:
 * the ledger's position decides what is still to do (RULES F3).
 *
 * <p>Not thread-safe, but for {@link #cancel}.
 */
public final class UnitCommitter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnitCommitter.class);
    private static final Duration LEFTOVERS_EVERY = Duration.ofMinutes(1);

    private final ConnectionSettings target;
    private final String application;
    private final ApplyOptions options;
    private final Ledger ledger;
    private final StagedTables staged;
    private final Levels levels = new Levels();
    private volatile @Nullable TargetSession session;
    private Set<UUID> seen = Set.of();
    private long leftoversAt;

    /** Connects at the first commit only. */
    public UnitCommitter(ConnectionSettings target, String application, ApplyOptions options) {
        this.target = target;
        this.application = application;
        this.options = options;
        this.ledger = new Ledger(options.stagingSchema(), options.pipeline());
        this.staged = new StagedTables(options.stagingSchema(), options.pipeline());
    }

    /**
     * Applies all units in one transaction. When this throws, the transaction is rolled back or its outcome is unknown;
     * the same units can be given again in both cases.
     *
     * @param units of all writers for one barrier
     * @throws SQLException as the server said it; the next call connects anew
     * @throws LostUnitException when staged rows that are not applied are gone
     * @throws MissingRowException when the target lacks rows that cannot be made from the changes
     */
    public CommitResult commit(List<Unit> units) throws SQLException {
        long start = System.nanoTime();
        Unit.End end = end(units);
        boolean done = false;
        try {
            TargetSession current = open();
            if (!isOver(current, units, end)) {
                prepare(current, units);
            }
            Commit.Outcome outcome = attempt(current, units, end);
            levels.committed();
            dropLeftovers(current, units);
            done = true;
            return new CommitResult(
                    outcome.position(),
                    outcome.tally().rows(),
                    outcome.tally().deleted(),
                    !outcome.applied(),
                    Duration.ofNanos(System.nanoTime() - start));
        } finally {
            if (!done) {
                close();
            }
        }
    }

    private Commit.Outcome attempt(TargetSession current, List<Unit> units, Unit.@Nullable End end)
            throws SQLException {
        try {
            return attempt(current, units, end, false);
        } catch (SQLException e) {
            if (!Levels.collision(e)) {
                throw e;
            }
            LOG.info("rows collide ({}); applying the units again, table by table", e.getMessage());
            current.rollback();
            return attempt(current, units, end, true);
        }
    }

    private Commit.Outcome attempt(TargetSession current, List<Unit> units, Unit.@Nullable End end, boolean careful)
            throws SQLException {
        current.begin();
        Commit.Outcome outcome = new Commit(current, ledger, staged, levels, careful).run(units, end);
        current.commit();
        return outcome;
    }

    /** Stops a commit that runs in another thread: cancels its statement and closes its connection (RULES S4). */
    public void cancel() {
        TargetSession current = session;
        if (current != null) {
            current.abort();
        }
    }

    /** Rolls back what is open. */
    @Override
    public void close() {
        TargetSession current = session;
        session = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                LOG.warn("cannot close the connection to {}: {}", target.endpoint(), e.getMessage());
            }
        }
    }

    private TargetSession open() throws SQLException {
        TargetSession current = session;
        if (current == null) {
            current = TargetSession.open(target, application, options, ledger);
            session = current;
        }
        return current;
    }

    private Unit.@Nullable End end(List<Unit> units) {
        Unit.End last = null;
        for (Unit unit : units) {
            if (!unit.pipeline().equals(options.pipeline())) {
                throw new IllegalArgumentException(
                        "a unit of pipeline " + unit.pipeline() + " came to pipeline " + options.pipeline());
            }
            Unit.End end = unit.end();
            if (end != null && last != null) {
                Origins.check(last.origin(), end.origin());
            }
            if (end != null && (last == null || end.position().isAfter(last.position()))) {
                last = end;
            }
        }
        boolean stream = units.stream()
                .flatMap(unit -> unit.steps().stream())
                .anyMatch(step -> !(step instanceof Step.SnapshotRows));
        if (last == null && stream) {
            throw new IllegalArgumentException("units hold changes of the stream, but none tells how far it was sent");
        }
        return last;
    }

    /** Asked without a lock, to spare what is only needed when there is something to do. */
    private boolean isOver(TargetSession current, List<Unit> units, Unit.@Nullable End end) throws SQLException {
        Optional<Applied> applied = ledger.applied(current.connection());
        return end != null
                && applied.isPresent()
                && !end.position().isAfter(applied.get().position())
                && units.stream().flatMap(unit -> unit.steps().stream()).noneMatch(Step.SnapshotRows.class::isInstance);
    }

    /** Meets all target tables, each in a transaction of its own, and makes the temporary tables. */
    private static void prepare(TargetSession current, List<Unit> units) throws SQLException {
        for (Unit unit : units) {
            for (Step step : unit.steps()) {
                if (step instanceof Step.Rows rows) {
                    prepare(current, rows);
                    current.endLoad(rows.schema().name());
                } else if (step instanceof Step.SnapshotRows snapshot) {
                    prepare(current, snapshot.rows());
                } else if (step instanceof Step.KeyUpdate key) {
                    prepareInline(current, key.rows().schema(), key.rows().format());
                    current.endLoad(key.rows().schema().name());
                } else if (step instanceof Step.Truncate truncate) {
                    for (TableSchema schema : truncate.tables()) {
                        current.table(schema);
                    }
                }
            }
        }
    }

    private static void prepare(TargetSession current, Step.Rows rows) throws SQLException {
        if (rows.staged() instanceof Step.Staged.Inline) {
            prepareInline(current, rows.schema(), rows.format());
        } else {
            current.table(rows.schema());
        }
    }

    private static void prepareInline(TargetSession current, TableSchema schema, ValueFormat format)
            throws SQLException {
        TargetTable table = current.table(schema);
        current.prepareTemporary(table.stagedTypes(format));
    }

    private void dropLeftovers(TargetSession current, List<Unit> units) throws SQLException {
        Set<UUID> living = units.stream().map(Unit::incarnation).collect(Collectors.toSet());
        long now = System.nanoTime();
        if (living.equals(seen) && now - leftoversAt < LEFTOVERS_EVERY.toNanos()) {
            return;
        }
        Connection connection = current.connection();
        int dropped = staged.dropLeftovers(connection, living);
        if (dropped > 0) {
            LOG.info("dropped {} staging tables of writers that are gone", dropped);
        }
        seen = living;
        leftoversAt = now;
    }
}
