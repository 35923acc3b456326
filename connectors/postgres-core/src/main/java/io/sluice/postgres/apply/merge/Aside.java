package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.MergeSql;
import io.sluice.postgres.sql.Names;
import java.sql.SQLException;
import java.util.List;

/** Takes touched rows out of the target into a temporary table, where only their key is unique, and puts them back. */
final class Aside {
    private static final TableName HOLD = new TableName("pg_temp", "aside");
    private static final String COLUMNS = """
            SELECT attname FROM pg_attribute
            WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            ORDER BY attnum
            """;

    private final TargetSession session;
    private final TargetTable table;

    interface Load<T> {
        /** Makes the rows readable; valid until the next call. */
        MergeSql load(T rows) throws SQLException;
    }

    interface Work {
        void run(TableName hold) throws SQLException;
    }

    Aside(TargetSession session, TargetTable table) {
        this.session = session;
        this.table = table;
    }

    void around(List<Selected> rows, Load<Selected> load, Work work) throws SQLException {
        String target = Names.quote(table.name());
        String hold = Names.quote(HOLD);
        List<String> columns = session.texts(COLUMNS, List.of(target));
        session.execute(
                "CREATE TEMPORARY TABLE " + Names.quote(HOLD.table()) + " (LIKE " + target
                        + " INCLUDING DEFAULTS INCLUDING GENERATED) ON COMMIT DROP",
                List.of());
        session.execute("CREATE UNIQUE INDEX ON " + hold + " (" + Names.list(table.keyColumns()) + ")", List.of());
        for (Selected selected : rows) {
            session.execute(load.load(selected).takeOut(hold, columns), selected.parameters());
        }
        work.run(HOLD);
        String list = Names.list(columns);
        session.execute(
                "INSERT INTO " + target + " (" + list + ") OVERRIDING SYSTEM VALUE SELECT " + list + " FROM " + hold,
                List.of());
        session.execute("DROP TABLE " + hold, List.of());
    }
}
