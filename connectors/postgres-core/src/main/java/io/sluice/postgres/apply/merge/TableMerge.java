package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.MergeShape;
import io.sluice.postgres.sql.MergeSql;
import io.sluice.postgres.sql.Names;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings the rows of one table between two cuts into the target.
 *
 * <p>Kinds of changes are trusted, because each is applied once, and checked: a duplicate key or a missing row shows a
 * target that others changed, or a range that was cut differently before a restart.
 */
final class TableMerge {
    /** How much is taken for granted; each is slower than the one before. */
    enum Level {
        /** An inserted key is not there. */
        TRUST,
        /** It may be there. */
        UPSERT,
        /**
         * Values move between rows of a further unique index: all touched rows are taken out, changed where no such
         * index is, and put back.
         */
        ASIDE
    }

    private final TargetSession session;
    private final Tally tally;
    private final TargetTable table;

    TableMerge(TargetSession session, Tally tally, TargetTable table) {
        this.session = session;
        this.tally = tally;
        this.table = table;
    }

    void apply(List<Selected> rows, Level level) throws SQLException {
        if (level == Level.ASIDE && table.source().keyed()) {
            new Aside(session, table).around(rows, this::load, hold -> {
                for (Selected selected : rows) {
                    merge(selected, shape(selected).into(hold), Level.UPSERT);
                }
            });
            return;
        }
        for (Selected selected : rows) {
            merge(selected, shape(selected), level);
        }
    }

    private MergeShape shape(Selected selected) throws SQLException {
        return session.shape(table, selected.batch().format());
    }

    private MergeSql load(Selected selected) throws SQLException {
        return sql(selected, shape(selected));
    }

    private MergeSql sql(Selected selected, MergeShape shape) throws SQLException {
        return new MergeSql(shape, relation(selected.batch()), selected.condition());
    }

    private String relation(Batch batch) throws SQLException {
        if (batch.parts().get(0) instanceof Staged.InTable staged) {
            return Names.quote(new TableName(session.options().stagingSchema(), staged.table()));
        }
        return session.fill(table.stagedTypes(batch.format()), copy -> {
            for (Staged part : batch.parts()) {
                if (part instanceof Staged.Inline inline) {
                    copy.write(inline.bytes(), 0, inline.length());
                }
            }
        });
    }

    private void merge(Selected selected, MergeShape shape, Level level) throws SQLException {
        Batch batch = selected.batch();
        if (batch.counts().rows() == 0) {
            return;
        }
        Statements run = new Statements(sql(selected, shape), selected.parameters());
        if (!shape.keyed()) {
            tally.rows(run.execute(run.sql.insert()));
            return;
        }
        if (batch.snapshot() != null) {
            tally.rows(run.execute(run.sql.upsert(false)));
            return;
        }
        if (batch.counts().deletes() > 0) {
            tally.deleted(run.execute(run.sql.delete()));
            if (shape.deletes() == MergeShape.Deletes.MARK) {
                tally.deleted(run.execute(run.sql.mark()));
            }
        }
        // Where a key may come twice, the last row decides, whatever the rows before it were.
        if (shape.lastByPosition() || !run.sql.updates()) {
            if (batch.counts().incomplete() > 0) {
                update(run, batch);
            }
            tally.rows(run.execute(run.sql.upsert(true)));
            return;
        }
        if (batch.counts().updates() > 0) {
            update(run, batch);
        }
        if (batch.counts().inserts() > 0) {
            boolean trust = level == Level.TRUST && shape.deletes() == MergeShape.Deletes.REMOVE;
            tally.rows(run.execute(trust ? run.sql.insert() : run.sql.upsert(false)));
        }
    }

    private void update(Statements run, Batch batch) throws SQLException {
        long updated = run.execute(run.sql.update(batch.counts().incomplete() > 0));
        tally.rows(updated);
        if (updated >= batch.counts().updates()) {
            return;
        }
        tally.rows(run.execute(run.sql.insertMissing()));
        if (batch.counts().incomplete() > 0) {
            List<String> missing = session.texts(run.sql.missingKeys(5), run.parameters);
            if (!missing.isEmpty()) {
                throw new MissingRowException(table.name(), missing);
            }
        }
    }

    private final class Statements {
        private final MergeSql sql;
        private final List<Object> parameters;

        private Statements(MergeSql sql, List<Object> parameters) {
            this.sql = sql;
            this.parameters = parameters;
        }

        private long execute(String statement) throws SQLException {
            return session.execute(statement, parameters);
        }
    }
}
