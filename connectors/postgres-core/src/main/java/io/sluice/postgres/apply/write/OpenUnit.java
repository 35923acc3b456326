package io.sluice.postgres.apply.write;

import io.sluice.postgres.apply.stage.Segment;
import io.sluice.postgres.apply.stage.Stager;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The unit that the next barrier ends.
 *
 * <p>Not thread-safe.
 */
final class OpenUnit {
    /** A table with less than this in a unit is not worth a staging table: its rows ride in the unit. */
    static final long INLINE_BYTES = 1 << 20;

    /** The unit goes into Flink's state as a whole. */
    private static final long INLINE_BYTES_IN_ALL = 8 << 20;

    private final String pipeline;
    private final UUID incarnation;
    private final UUID id;
    private final Stager stager;
    private final List<Step> steps = new ArrayList<>();
    private final Map<TableName, Long> inline = new HashMap<>();
    private long inlineInAll;
    private int segments;
    private Unit.@Nullable End end;

    OpenUnit(String pipeline, UUID incarnation, UUID id, Stager stager) {
        this.pipeline = pipeline;
        this.incarnation = incarnation;
        this.id = id;
        this.stager = stager;
        stager.begin(id);
    }

    /** Number for the next segment. */
    int nextSegment() {
        return segments++;
    }

    void add(Step step) {
        steps.add(step);
    }

    void progress(Progress progress) {
        if (end != null && !end.origin().equals(progress.origin())) {
            throw new IllegalStateException("one unit cannot hold positions of " + end.origin() + " and of "
                    + progress.origin() + "; a pipeline reads one slot");
        }
        ChangePosition position =
                end == null ? progress.position() : end.position().max(progress.position());
        end = new Unit.End(progress.origin(), position);
    }

    /** True when rows of the table would ride in the unit if it ended with {@code more} bytes of them. */
    boolean rides(TableName source, long more) {
        return !stager.holds(source)
                && inline.getOrDefault(source, 0L) + more < INLINE_BYTES
                && inlineInAll + more <= INLINE_BYTES_IN_ALL;
    }

    /** Makes a closed segment durable, or takes it along; a segment is given once and has rows. */
    Step.Rows place(TargetTable target, ValueFormat format, int number, Segment segment) throws SQLException {
        TableName source = target.source().name();
        Staged staged;
        if (rides(source, segment.bytes())) {
            inline.merge(source, segment.bytes(), Long::sum);
            inlineInAll += segment.bytes();
            staged = Stager.inline(segment);
        } else {
            staged = stager.stage(target, format, number, segment);
        }
        return new Step.Rows(target.source(), format, segment.counts(), staged);
    }

    Unit close() {
        return new Unit(pipeline, incarnation, id, end, steps);
    }
}
