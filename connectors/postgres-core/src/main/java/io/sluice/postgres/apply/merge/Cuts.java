package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.table.MetadataColumns;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.sql.MergeShape;
import io.sluice.postgres.sql.MergeSql;
import io.sluice.postgres.sql.Names;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies what comes alone between the rows of all writers. */
final class Cuts {
    private static final Logger LOG = LoggerFactory.getLogger(Cuts.class);

    private final TargetSession session;
    private final Tally tally;

    Cuts(TargetSession session, Tally tally) {
        this.session = session;
        this.tally = tally;
    }

    /** A key change without all of its values: the row keeps those that did not change (RULES F6). */
    void changeKey(Step.KeyUpdate cut, boolean aside) throws SQLException {
        RowBatch rows = cut.rows();
        TargetTable table = session.table(rows.schema());
        MergeShape shape = session.shape(table, rows.format());
        if (aside) {
            Step.Counts none = new Step.Counts(0, 0, 0, 0);
            byte[] bytes = KeyChangeRows.encode(rows);
            Step.Staged inline = new Step.Staged.Inline(bytes, bytes.length);
            Batch batch = new Batch(rows.schema(), rows.format(), none, List.of(inline), null);
            new Aside(session, table)
                    .around(
                            List.of(new Selected(batch, "true", List.of())),
                            selected -> load(cut, table, shape),
                            hold -> changeKey(load(cut, table, shape.into(hold)), table));
        } else {
            changeKey(load(cut, table, shape), table);
        }
    }

    private void changeKey(MergeSql sql, TargetTable table) throws SQLException {
        session.execute(sql.deleteInTheWay(), List.of());
        long changed = session.execute(sql.changeKey(), List.of());
        if (changed == 0) {
            throw new MissingRowException(table.name(), session.texts(sql.movedKeys(), List.of()));
        }
        tally.rows(changed);
    }

    private MergeSql load(Step.KeyUpdate cut, TargetTable table, MergeShape shape) throws SQLException {
        byte[] bytes = KeyChangeRows.encode(cut.rows());
        String relation =
                session.fill(table.stagedTypes(cut.rows().format()), copy -> copy.write(bytes, 0, bytes.length));
        MergeShape each =
                new MergeShape(shape.table(), shape.columns(), shape.key(), shape.deletes(), shape.cast(), false);
        return new MergeSql(each, relation, "true");
    }

    void truncate(Step.Truncate cut) throws SQLException {
        List<TargetTable> tables = new ArrayList<>();
        for (TableSchema schema : cut.tables()) {
            tables.add(session.table(schema));
        }
        DeleteMode mode = session.options().rows().deletes();
        if (session.options().rows().truncates() == TruncateMode.IGNORE || mode == DeleteMode.KEEP) {
            LOG.warn(
                    "the source truncated {} at {}; as configured, the target keeps its rows",
                    names(tables),
                    cut.position());
        } else if (mode == DeleteMode.MARK) {
            for (TargetTable table : tables) {
                tally.deleted(session.execute(markAll(table.name()), List.of()));
            }
        } else {
            remove(tables, cut.restartIdentity());
        }
    }

    private void remove(List<TargetTable> tables, boolean restartIdentity) throws SQLException {
        boolean truncatable = true;
        for (TargetTable table : tables) {
            truncatable &= session.truncatable(table);
        }
        if (truncatable) {
            String list =
                    tables.stream().map(table -> Names.quote(table.name())).collect(Collectors.joining(", "));
            session.execute("TRUNCATE " + list + (restartIdentity ? " RESTART IDENTITY" : ""), List.of());
            return;
        }
        for (TargetTable table : tables) {
            tally.deleted(session.execute("DELETE FROM " + Names.quote(table.name()), List.of()));
        }
    }

    private static String markAll(TableName table) {
        String deletedAt = Names.quote(MetadataColumns.DELETED_AT);
        return "UPDATE " + Names.quote(table) + " SET " + deletedAt + " = now(), "
                + Names.quote(MetadataColumns.BATCHED_AT) + " = now() WHERE " + deletedAt + " IS NULL";
    }

    private static String names(List<TargetTable> tables) {
        return tables.stream().map(table -> table.source().name().toString()).collect(Collectors.joining(", "));
    }
}
