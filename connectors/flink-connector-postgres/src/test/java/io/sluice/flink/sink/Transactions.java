package io.sluice.flink.sink;

import io.sluice.flink.typeinfo.ChangeBatchTypeInfo;
import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.util.Collector;

/**
 * Number k as transaction k of a slot, the same at every replay: ten changes of accounts, whose rows are inserted,
 * updated without their note and deleted in turns, and one line of a journal that has no key.
 */
final class Transactions implements FlatMapFunction<Long, ChangeBatch>, ResultTypeQueryable<ChangeBatch> {
    static final int BUCKETS = 8;
    static final TableSchema ACCOUNTS = new TableSchema(
            new TableName("public", "accounts"),
            1,
            List.of(
                    new Column("id", 1, type(20, "bigint"), 1, true),
                    new Column("round", 2, type(20, "bigint"), 0, false),
                    new Column("note", 3, type(25, "text"), 0, false)));
    static final TableSchema JOURNAL = new TableSchema(
            new TableName("public", "journal"), 2, List.of(new Column("number", 1, type(20, "bigint"), 0, false)));

    private static final long serialVersionUID = 1;
    private static final int KEYS = 97;
    private static final int CHANGES = 10;
    private static final Origin ORIGIN = new Origin("7300000000000000001", 1, "generated", "pgoutput");
    private static final long LSN_STEP = 1000;

    private final Duration pace;
    private final int noteBytes;

    /** @param pace time that each transaction takes */
    Transactions(Duration pace, int noteBytes) {
        this.pace = pace;
        this.noteBytes = noteBytes;
    }

    @Override
    public void flatMap(Long number, Collector<ChangeBatch> out) {
        LockSupport.parkNanos(pace.toNanos());
        Buckets buckets = new Buckets(BUCKETS);
        Map<Integer, RowBatchBuilder> accounts = new TreeMap<>();
        Lsn commit = new Lsn(number * LSN_STEP);
        for (int i = 0; i < CHANGES; i++) {
            long change = (number - 1) * CHANGES + i;
            Tuple row = account(change);
            int bucket = buckets.of(ACCOUNTS, row);
            accounts.computeIfAbsent(bucket, b -> new RowBatchBuilder(ACCOUNTS, b, ValueFormat.BINARY))
                    .add(new ChangePosition(commit, i + 1), number, kind(change), row);
        }
        accounts.values().forEach(builder -> out.collect(builder.build()));
        RowBatchBuilder journal = new RowBatchBuilder(JOURNAL, buckets.of(JOURNAL), ValueFormat.BINARY);
        journal.add(new ChangePosition(commit, CHANGES + 1), number, ChangeKind.INSERT, line(number));
        out.collect(journal.build());
        ChangePosition end = ChangePosition.atEnd(new Lsn(number * LSN_STEP + 1));
        out.collect(new Progress((int) (number % BUCKETS), ORIGIN, end));
    }

    @Override
    public TypeInformation<ChangeBatch> getProducedType() {
        return ChangeBatchTypeInfo.INSTANCE;
    }

    /** The rows of accounts, in order of id, after transactions 1 to {@code last}. */
    List<List<String>> accounts(long last) {
        Map<Long, List<String>> rows = new TreeMap<>();
        Map<Long, String> notes = new HashMap<>();
        for (long change = 0; change < last * CHANGES; change++) {
            long key = key(change);
            switch (kind(change)) {
                case INSERT -> {
                    notes.put(key, note(change));
                    rows.put(key, List.of(key + "", round(change) + "", note(change)));
                }
                case UPDATE -> rows.put(key, List.of(key + "", round(change) + "", notes.getOrDefault(key, "")));
                default -> rows.remove(key);
            }
        }
        return new ArrayList<>(rows.values());
    }

    /** The last transaction that a position of the ledger covers. */
    static long lastAt(Lsn position) {
        return position.value() / LSN_STEP;
    }

    private Tuple account(long change) {
        byte[] note = note(change).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[16 + note.length];
        BigEndian.putLong(bytes, 0, key(change));
        BigEndian.putLong(bytes, 8, round(change));
        System.arraycopy(note, 0, bytes, 16, note.length);
        Tuple row = new Tuple();
        row.reset(bytes, 3);
        row.value(0, 0, 8);
        if (kind(change) != ChangeKind.DELETE) {
            row.value(1, 8, 8);
            row.value(2, 16, note.length);
        }
        if (kind(change) == ChangeKind.UPDATE) {
            row.setUnchanged(2);
        }
        return row;
    }

    private static Tuple line(long number) {
        byte[] bytes = new byte[8];
        BigEndian.putLong(bytes, 0, number);
        Tuple row = new Tuple();
        row.reset(bytes, 1);
        row.value(0, 0, 8);
        return row;
    }

    /** Each key comes once in a round. */
    private static long key(long change) {
        return change * 31 % KEYS;
    }

    private static long round(long change) {
        return change / KEYS;
    }

    private static ChangeKind kind(long change) {
        return switch ((int) (round(change) % 3)) {
            case 0 -> ChangeKind.INSERT;
            case 1 -> ChangeKind.UPDATE;
            default -> ChangeKind.DELETE;
        };
    }

    private String note(long change) {
        return "x".repeat(noteBytes) + change;
    }

    private static ColumnType type(int oid, String sql) {
        return new ColumnType(oid, -1, sql, oid, new ColumnType.Traits(true, true));
    }
}
