package io.sluice.postgres.sql;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * The statements that bring staged rows into a table. Deletes, updates and inserts are separate, so that each is an
 * index nested loop over the few staged rows of its kind. {@code search_path} is pg_catalog when they run.
 */
public final class MergeSql {
    private static final String EXTRACTED = Names.quote("_sdc_extracted_at");
    private static final String BATCHED = Names.quote("_sdc_batched_at");
    private static final String DELETED = Names.quote("_sdc_deleted_at");

    private final MergeShape shape;
    private final String target;
    private final String rows;

    /**
     * @param relation quoted name of the table with the staged rows
     * @param condition which of its rows; may hold parameters, which are then the parameters of every statement
     */
    public MergeSql(MergeShape shape, String relation, String condition) {
        this.shape = shape;
        this.target = Names.quote(shape.table());
        this.rows = rows(relation, condition);
    }

    /** Rows whose key is gone: physically. */
    public String delete() {
        String kinds = shape.deletes() == MergeShape.Deletes.REMOVE ? "s.s_op IN ('D', 'M')" : "s.s_op = 'M'";
        return "DELETE FROM " + target + " t USING " + rows + " s WHERE " + kinds + " AND " + sameKey("t", "s");
    }

    /** Rows that were deleted are marked and keep their data. */
    public String mark() {
        return "UPDATE " + target + " t SET " + DELETED + " = s.s_time, " + BATCHED + " = now() FROM " + rows
                + " s WHERE s.s_op = 'D' AND " + sameKey("t", "s");
    }

    /** True when an update has anything to set. */
    public boolean updates() {
        return !shape.settable().isEmpty() || shape.deletes().metadata();
    }

    /** @param incomplete some of the rows lack values that did not change */
    public String update(boolean incomplete) {
        StringJoiner set = new StringJoiner(", ");
        for (int i : shape.settable()) {
            set.add(name(i) + " = " + value(i, incomplete));
        }
        metadata(set);
        return "UPDATE " + target + " t SET " + set + " FROM " + rows + " s WHERE s.s_op = 'U' AND "
                + sameKey("t", "s");
    }

    /** Rows that the target does not have; a duplicate key is an error. */
    public String insert() {
        return insertInto() + " FROM " + rows + " s WHERE s.s_op = 'I'";
    }

    /** Inserted rows, and with {@code updates} complete updated ones, whether the target has them or not. */
    public String upsert(boolean updates) {
        String kinds = updates ? "s.s_op IN ('I', 'U') AND s.s_unchanged IS NULL" : "s.s_op = 'I'";
        StringJoiner set = new StringJoiner(", ");
        for (int i : shape.settable()) {
            set.add(name(i) + " = excluded." + name(i));
        }
        if (shape.deletes().metadata()) {
            set.add(EXTRACTED + " = excluded." + EXTRACTED);
            set.add(BATCHED + " = excluded." + BATCHED);
            set.add(DELETED + " = NULL");
        }
        return insertInto() + " FROM " + rows + " s WHERE " + kinds + " ON CONFLICT (" + Names.list(shape.keyNames())
                + ") DO " + (set.length() == 0 ? "NOTHING" : "UPDATE SET " + set);
    }

    /** Updated rows that the target does not have and that are complete. */
    public String insertMissing() {
        return insertInto() + " FROM " + rows + " s WHERE s.s_op = 'U' AND s.s_unchanged IS NULL AND " + missing();
    }

    /** The keys, as one text each, of at most {@code limit} updated rows that the target does not have. */
    public String missingKeys(int limit) {
        return "SELECT " + keyText() + " FROM " + rows + " s WHERE s.s_op = 'U' AND " + missing() + " LIMIT " + limit;
    }

    /** Makes room for a key change: a row that has the new key, but is not the row to be changed. */
    public String deleteInTheWay() {
        return "DELETE FROM " + target + " t USING " + rows + " o, " + rows + " s WHERE o.s_op = 'M' AND s.s_op = 'U'"
                + " AND " + sameKey("t", "s") + " AND NOT (" + sameKey("s", "o") + ")";
    }

    /** Gives the row with the key of the one M row the key and values of the one U row. */
    public String changeKey() {
        StringJoiner set = new StringJoiner(", ");
        for (int i = 0; i < shape.columns().size(); i++) {
            set.add(name(i) + " = " + value(i, true));
        }
        metadata(set);
        return "UPDATE " + target + " t SET " + set + " FROM " + rows + " o, " + rows + " s WHERE o.s_op = 'M'"
                + " AND s.s_op = 'U' AND " + sameKey("t", "o");
    }

    /** The old keys, as one text each. */
    public String movedKeys() {
        return "SELECT " + keyText() + " FROM " + rows + " s WHERE s.s_op = 'M'";
    }

    /** Moves the rows that the staged rows touch into {@code hold}; {@code columns} are all that can be written. */
    public String takeOut(String hold, List<String> columns) {
        String list = Names.list(columns);
        return "WITH gone AS (DELETE FROM " + target + " t USING " + rows + " s WHERE " + sameKey("t", "s")
                + " RETURNING "
                + columns.stream().map(c -> "t." + Names.quote(c)).collect(Collectors.joining(", "))
                + ") INSERT INTO " + hold + " (" + list + ") OVERRIDING SYSTEM VALUE SELECT " + list + " FROM gone";
    }

    private String insertInto() {
        StringJoiner names = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        for (int i = 0; i < shape.columns().size(); i++) {
            names.add(name(i));
            values.add("s.c" + i);
        }
        if (shape.deletes().metadata()) {
            names.add(EXTRACTED).add(BATCHED);
            values.add("s.s_time").add("now()");
        }
        return "INSERT INTO " + target + " AS t (" + names + ") OVERRIDING SYSTEM VALUE SELECT " + values;
    }

    private void metadata(StringJoiner set) {
        if (shape.deletes().metadata()) {
            set.add(EXTRACTED + " = s.s_time").add(BATCHED + " = now()").add(DELETED + " = NULL");
        }
    }

    private String value(int column, boolean incomplete) {
        return incomplete
                ? "CASE WHEN s.s_unchanged IS NOT NULL AND get_bit(s.s_unchanged, " + column + ") = 1 THEN t."
                        + name(column) + " ELSE s.c" + column + " END"
                : "s.c" + column;
    }

    private String missing() {
        return "NOT EXISTS (SELECT FROM " + target + " t WHERE " + sameKey("t", "s") + ")";
    }

    private String keyText() {
        return shape.key().stream()
                .map(k ->
                        Names.literal(shape.columns().get(k.column()).name() + "=") + " || s.c" + k.column() + "::text")
                .collect(Collectors.joining(" || ', ' || "));
    }

    /** {@code t} is the table and has its columns' names, any other alias is staged rows. */
    private String sameKey(String left, String right) {
        return shape.key().stream()
                .map(k -> (left.equals("t") ? "t." + name(k.column()) : left + ".c" + k.column()) + " " + k.operator()
                        + " " + right + ".c" + k.column())
                .collect(Collectors.joining(" AND "));
    }

    private String rows(String relation, String condition) {
        StringJoiner values = new StringJoiner(", ");
        for (int i = 0; i < shape.columns().size(); i++) {
            values.add(shape.cast() ? "c" + i + "::" + shape.columns().get(i).type() + " AS c" + i : "c" + i);
        }
        String all = "(SELECT s_op, s_lsn, s_ordinal, s_time, s_unchanged, " + values + " FROM " + relation + " WHERE "
                + condition + ")";
        if (!shape.lastByPosition() || !shape.keyed()) {
            return all;
        }
        String key = shape.key().stream().map(k -> "c" + k.column()).collect(Collectors.joining(", "));
        // A key that only changes how it is written comes as M and I of one position: the row stays.
        return "(SELECT DISTINCT ON (" + key + ") * FROM " + all + " a ORDER BY " + key
                + ", s_lsn DESC, s_ordinal DESC, s_op = 'M')";
    }

    private String name(int column) {
        return Names.quote(shape.columns().get(column).name());
    }
}
