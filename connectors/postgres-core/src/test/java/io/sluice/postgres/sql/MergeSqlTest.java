package io.sluice.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.MergeShape.Deletes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MergeSqlTest {
    private static final String ROWS =
            "(SELECT s_op, s_lsn, s_ordinal, s_time, s_unchanged, c0, c1 FROM r WHERE x = ?)";

    private static MergeShape shape(Deletes deletes, boolean cast, boolean lastByPosition) {
        return new MergeShape(
                new TableName("s", "t\"t"),
                List.of(new MergeShape.Column("id", "integer"), new MergeShape.Column("Note", "text")),
                List.of(new MergeShape.Key(0, "OPERATOR(\"ext\".=)")),
                deletes,
                cast,
                lastByPosition);
    }

    private static MergeSql sql(Deletes deletes) {
        return new MergeSql(shape(deletes, false, false), "r", "x = ?");
    }

    @Test
    void updateSetsAllButTheKey() {
        assertThat(sql(Deletes.KEEP).update(false))
                .isEqualTo("UPDATE \"s\".\"t\"\"t\" t SET \"Note\" = s.c1 FROM " + ROWS
                        + " s WHERE s.s_op = 'U' AND t.\"id\" OPERATOR(\"ext\".=) s.c0");
    }

    @Test
    void updateOfIncompleteRowsKeepsWhatDidNotChange() {
        assertThat(sql(Deletes.REMOVE).update(true))
                .contains("SET \"Note\" = CASE WHEN s.s_unchanged IS NOT NULL AND get_bit(s.s_unchanged, 1) = 1"
                        + " THEN t.\"Note\" ELSE s.c1 END, \"_sdc_extracted_at\" = s.s_time,"
                        + " \"_sdc_batched_at\" = now(), \"_sdc_deleted_at\" = NULL FROM");
    }

    @Test
    void onlyMovedRowsAreDeletedWhereDeletedOnesStay() {
        assertThat(sql(Deletes.REMOVE).delete()).contains("s.s_op IN ('D', 'M')");
        assertThat(sql(Deletes.MARK).delete()).contains("s.s_op = 'M'");
        assertThat(sql(Deletes.MARK).mark())
                .contains("\"_sdc_deleted_at\" = s.s_time")
                .contains("s.s_op = 'D'");
    }

    @Test
    void insertNamesItsColumns() {
        assertThat(sql(Deletes.MARK).insert())
                .isEqualTo("INSERT INTO \"s\".\"t\"\"t\" AS t (\"id\", \"Note\", \"_sdc_extracted_at\","
                        + " \"_sdc_batched_at\") OVERRIDING SYSTEM VALUE SELECT s.c0, s.c1, s.s_time, now() FROM "
                        + ROWS
                        + " s WHERE s.s_op = 'I'");
    }

    @Test
    void tableOfKeyColumnsHasNothingToUpdate() {
        MergeShape only = new MergeShape(
                new TableName("s", "t"),
                List.of(new MergeShape.Column("id", "integer")),
                List.of(new MergeShape.Key(0, "=")),
                Deletes.KEEP,
                false,
                false);
        MergeSql sql = new MergeSql(only, "r", "true");
        assertThat(sql.updates()).isFalse();
        assertThat(sql.upsert(true)).endsWith("ON CONFLICT (\"id\") DO NOTHING");
    }

    @Test
    @DisplayName("S16: where keys do not compare as bytes the last row by position decides, and the key is set too")
    void lastRowByPosition() {
        MergeSql sql = new MergeSql(shape(Deletes.KEEP, true, true), "r", "true");
        assertThat(sql.upsert(true))
                .contains("c0::integer AS c0")
                .contains("SELECT DISTINCT ON (c0) * FROM")
                .contains("ORDER BY c0, s_lsn DESC, s_ordinal DESC, s_op = 'M'")
                .contains("SET \"id\" = excluded.\"id\", \"Note\" = excluded.\"Note\"");
    }
}
