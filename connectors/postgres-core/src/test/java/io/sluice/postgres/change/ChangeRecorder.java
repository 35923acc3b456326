package io.sluice.postgres.change;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what a decoder reads, a line for each call. */
public final class ChangeRecorder implements ChangeReceiver {
    private final List<String> calls = new ArrayList<>();

    public List<String> calls() {
        return calls;
    }

    @Override
    public void begin(long xid, Lsn commitLsn, long commitTime) {
        calls.add("begin " + xid + " " + commitLsn + " " + commitTime);
    }

    @Override
    public void insert(TableSchema schema, Tuple row) {
        calls.add("insert " + print(row));
    }

    @Override
    public void update(TableSchema schema, OldRow kind, @Nullable Tuple old, Tuple row) {
        calls.add("update " + kind + " " + (old == null ? "null" : print(old)) + " " + print(row));
    }

    @Override
    public void delete(TableSchema schema, OldRow kind, Tuple old) {
        calls.add("delete " + kind + " " + print(old));
    }

    @Override
    public void truncate(List<TableSchema> tables, boolean restartIdentity) {
        calls.add("truncate " + restartIdentity);
    }

    @Override
    public void skipped() {
        calls.add("skipped");
    }

    @Override
    public void commit(Lsn commitLsn, Lsn endLsn) {
        calls.add("commit " + commitLsn + " " + endLsn);
    }

    private static List<String> print(Tuple row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.width(); i++) {
            values.add(
                    row.isUnchanged(i)
                            ? "unchanged"
                            : row.length(i) < 0
                                    ? "null"
                                    : new String(row.bytes(), row.offset(i), row.length(i), StandardCharsets.UTF_8));
        }
        return values;
    }
}
