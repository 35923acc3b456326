package io.sluice.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchAssemblerTest {
    private static final Origin ORIGIN = new Origin("1", 1, "s", "pgoutput");
    private static final ColumnType TEXT = new ColumnType(25, -1, "text", 25, new ColumnType.Traits(true, true));
    private static final TableSchema T = new TableSchema(
            new TableName("s", "t"),
            7,
            List.of(new Column("id", 1, TEXT, 1, true), new Column("big", 2, TEXT, 0, false)));
    private static final String UNCHANGED = "<unchanged>";
    private static final Buckets BUCKETS = new Buckets(4);
    private static final Lsn COMMIT = Lsn.parse("0/100");
    private static final Lsn END = Lsn.parse("0/130");

    private static BatchAssembler from(ChangePosition start) {
        return new BatchAssembler(start, BUCKETS, ValueFormat.TEXT, Visibility.NOTHING_COPIED, ORIGIN);
    }

    @Test
    @DisplayName("S10: a start inside a transaction skips exactly the changes that were taken")
    void startInsideATransaction() {
        BatchAssembler assembler = from(new ChangePosition(COMMIT, 2));
        assembler.begin(5, COMMIT, 0);
        for (String id : List.of("1", "2", "3")) {
            assembler.insert(T, row(id, "x"));
        }
        assembler.commit(COMMIT, END);
        assertThat(rows(assembler.drain())).containsExactly("I 3 x @0/100+3");
    }

    @Test
    @DisplayName("S10: a transaction that the server sends again after its crash is left out")
    void transactionBeforeTheStart() {
        BatchAssembler assembler = from(ChangePosition.atEnd(END));
        assembler.begin(5, COMMIT, 0);
        assembler.insert(T, row("1", "x"));
        assembler.commit(COMMIT, END);
        assertThat(assembler.drain()).isEmpty();
        assertThat(assembler.position()).isEqualTo(ChangePosition.atEnd(END));
    }

    @Test
    void changesOfTablesThatAreNotCapturedCountInTheOrder() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.skipped();
        assembler.insert(T, row("1", "x"));
        assertThat(rows(assembler.drain())).containsExactly("I 1 x @0/100+2");
    }

    @Test
    void changesThatTheSnapshotHoldsAreLeftOutAndCounted() {
        BatchAssembler assembler = new BatchAssembler(
                ChangePosition.ZERO, BUCKETS, ValueFormat.TEXT, (schema, xid, lsn) -> xid == 5, ORIGIN);
        assembler.begin(5, COMMIT, 0);
        assembler.insert(T, row("1", "x"));
        assembler.commit(COMMIT, END);
        assertThat(assembler.drain()).containsExactly(new Progress(0, ORIGIN, ChangePosition.atEnd(END)));
    }

    @Test
    @DisplayName("F6: a change of key with a complete row goes to both keys' buckets at one position")
    void keyChangeWithCompleteRow() {
        int oldBucket = BUCKETS.of(T, row("1", null));
        String id = IntStream.range(2, 100)
                .mapToObj(Integer::toString)
                .filter(k -> BUCKETS.of(T, row(k, null)) != oldBucket)
                .findFirst()
                .orElseThrow();
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.update(T, OldRow.KEY, row("1", null), row(id, "x"));
        List<ChangeBatch> batches = assembler.drain();
        assertThat(rows(batches)).containsExactlyInAnyOrder("M 1 null @0/100+1", "I " + id + " x @0/100+1");
        assertThat(batches.stream()
                        .filter(RowBatch.class::isInstance)
                        .map(ChangeBatch::bucket)
                        .toList())
                .containsExactlyInAnyOrder(oldBucket, BUCKETS.of(T, row(id, null)));
    }

    @Test
    @DisplayName("F6: a change of key that lacks TOAST values is a cut for every bucket, after what came before")
    void keyChangeThatLacksValuesIsACut() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.insert(T, row("1", "x"));
        assembler.update(T, OldRow.KEY, row("1", null), row("2", UNCHANGED));
        assembler.insert(T, row("1", "y"));
        List<ChangeBatch> batches = assembler.drain();
        assertThat(batches.get(0)).isInstanceOf(RowBatch.class);
        assertThat(batches.subList(1, 5)).allSatisfy(b -> assertThat(b).isInstanceOf(KeyChange.class));
        assertThat(batches.subList(1, 5).stream().map(ChangeBatch::bucket)).containsExactly(0, 1, 2, 3);
        assertThat(rows(batches.subList(5, batches.size()))).containsExactly("I 1 y @0/100+3");
    }

    @Test
    void fullOldRowFillsInWhatDidNotChange() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.update(T, OldRow.FULL, row("1", "toasted"), row("1", UNCHANGED));
        assertThat(rows(assembler.drain())).containsExactly("U 1 toasted @0/100+1");
    }

    @Test
    void sameKeySentAsOldKeyIsNoChangeOfKey() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.update(T, OldRow.KEY, row("1", null), row("1", UNCHANGED));
        assertThat(rows(assembler.drain())).containsExactly("U 1 <unchanged> @0/100+1");
    }

    @Test
    void keyThatIsStoredOutOfLineIsTakenFromTheOldKey() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.update(T, OldRow.KEY, row("long", null), row(UNCHANGED, "x"));
        assembler.update(T, OldRow.KEY, row("long", null), row(UNCHANGED, UNCHANGED));
        assertThat(rows(assembler.drain())).containsExactly("U long x @0/100+1", "U long <unchanged> @0/100+2");
    }

    @Test
    @DisplayName("F6: a truncate is a cut for every bucket")
    void truncateIsACut() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.insert(T, row("1", "x"));
        assembler.truncate(List.of(T), false);
        assertThat(assembler.drain().stream().map(b -> b.getClass().getSimpleName()))
                .containsExactly("RowBatch", "Truncation", "Truncation", "Truncation", "Truncation", "Progress");
    }

    @Test
    void keepaliveMovesThePositionBetweenTransactionsOnly() {
        BatchAssembler assembler = from(ChangePosition.ZERO);
        assembler.begin(5, COMMIT, 0);
        assembler.keepalive(Lsn.parse("0/900"));
        assertThat(assembler.position()).isEqualTo(ChangePosition.ZERO);
        assembler.commit(COMMIT, END);
        assembler.keepalive(Lsn.parse("0/900"));
        assertThat(assembler.drain())
                .containsExactly(new Progress(0, ORIGIN, ChangePosition.atEnd(Lsn.parse("0/900"))));
        assertThat(assembler.drain()).isEmpty();
    }

    private static Tuple row(@Nullable String... values) {
        byte[] bytes = String.join(
                        "", Arrays.stream(values).map(String::valueOf).toList())
                .getBytes(StandardCharsets.UTF_8);
        Tuple tuple = new Tuple();
        tuple.reset(bytes, values.length);
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            int length = String.valueOf(values[i]).length();
            if (UNCHANGED.equals(values[i])) {
                tuple.setUnchanged(i);
            } else if (values[i] != null) {
                tuple.value(i, at, length);
            }
            at += length;
        }
        return tuple;
    }

    private static List<String> rows(List<ChangeBatch> batches) {
        List<String> rows = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            if (batch instanceof RowBatch rowBatch) {
                RowCursor cursor = new RowCursor(rowBatch);
                while (cursor.next()) {
                    Tuple t = cursor.tuple();
                    StringBuilder row =
                            new StringBuilder().append((char) cursor.kind().code());
                    for (int i = 0; i < t.width(); i++) {
                        row.append(' ')
                                .append(
                                        t.isUnchanged(i)
                                                ? UNCHANGED
                                                : t.length(i) < 0
                                                        ? "null"
                                                        : new String(
                                                                t.bytes(),
                                                                t.offset(i),
                                                                t.length(i),
                                                                StandardCharsets.UTF_8));
                    }
                    rows.add(row.append(" @").append(cursor.position()).toString());
                }
            }
        }
        return rows;
    }
}
