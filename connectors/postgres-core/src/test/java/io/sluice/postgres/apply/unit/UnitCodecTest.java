package io.sluice.postgres.apply.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UnitCodecTest {
    private static final TableSchema ORDERS = schema("orders", 16402);
    private static final TableSchema ITEMS = schema("Order \"items\"", 16410);
    private static final ChangePosition CUT = new ChangePosition(Lsn.parse("2/FFFFFFFF"), 7);

    @Test
    void everyKindOfStepComesBack() throws IOException {
        Unit unit = unit();
        assertSame(UnitCodec.read(UnitCodec.VERSION, UnitCodec.write(unit)), unit);
    }

    @Test
    void emptyUnitOfAWriterThatHeardNothing() throws IOException {
        Unit unit = new Unit("orders", new UUID(1, 2), new UUID(-3, 4), null, List.of());
        assertSame(UnitCodec.read(UnitCodec.VERSION, UnitCodec.write(unit)), unit);
    }

    @Test
    void version1IsReadAndWrittenAsEver() throws IOException {
        byte[] golden = golden("unit-1.hex");
        assertSame(UnitCodec.read(1, golden), unit());
        assertThat(UnitCodec.write(unit())).isEqualTo(golden);
    }

    @Test
    void unknownVersionIsRefused() {
        assertThatThrownBy(() -> UnitCodec.read(2, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] whole = UnitCodec.write(unit());
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> UnitCodec.read(UnitCodec.VERSION, part))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(IOException.class);
        }
        byte[] more = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> UnitCodec.read(UnitCodec.VERSION, more)).hasMessageContaining("1 bytes follow");
    }

    @Test
    void schemaIsWrittenOnceForAllSteps() throws IOException {
        Step step = inline(ORDERS);
        int one = UnitCodec.write(unitOf(List.of(step))).length;
        int two = UnitCodec.write(unitOf(List.of(step, step))).length;
        assertThat(two - one).isLessThan(40);
    }

    private static Unit unit() {
        Step.Rows staged = new Step.Rows(
                ORDERS,
                ValueFormat.TEXT,
                new Step.Counts(1, 2, 3, 1),
                new Step.Staged.InTable("s_0123456789abcdef", 4, 5, 1L << 33));
        SnapshotChunk chunk = new SnapshotChunk(
                new Snapshot("7b2c", "700:705:701,702", Lsn.parse("1/0"), 817_000_000_000_000L), 3, 12);
        Step.KeyUpdate keyUpdate =
                new Step.KeyUpdate(new RowBatch(ITEMS, 11, ValueFormat.BINARY, new byte[] {1, 2, 3, 99}, 3, 2), CUT);
        Step.Truncate truncate = new Step.Truncate(List.of(ITEMS, ORDERS), CUT, true);
        return unitOf(List.of(
                staged, inline(ITEMS), new Step.SnapshotRows(staged, chunk, 10, 16, true), keyUpdate, truncate));
    }

    private static Step.Rows inline(TableSchema schema) {
        return new Step.Rows(
                schema,
                ValueFormat.BINARY,
                new Step.Counts(1, 0, 0, 0),
                new Step.Staged.Inline(new byte[] {-1, 0, 1, 77}, 3));
    }

    private static Unit unitOf(List<Step> steps) {
        Origin origin = new Origin("7301234567890123456", 3, "slot", "pgoutput");
        return new Unit("orders", new UUID(1, 2), new UUID(-3, 4), new Unit.End(origin, CUT), steps);
    }

    private static TableSchema schema(String table, int oid) {
        ColumnType bigint = new ColumnType(20, -1, "bigint", 20, new ColumnType.Traits(true, true));
        ColumnType mood = new ColumnType(90001, -1, "app.mood", 90001, new ColumnType.Traits(true, true));
        return new TableSchema(
                new TableName("public", table),
                oid,
                List.of(new Column("id", 1, bigint, 1, true), new Column("mood", 3, mood, 0, false)));
    }

    /** Records compare byte arrays by identity; here only the bytes that count are compared. */
    private static void assertSame(Unit actual, Unit expected) {
        assertThat(actual.pipeline()).isEqualTo(expected.pipeline());
        assertThat(actual.incarnation()).isEqualTo(expected.incarnation());
        assertThat(actual.id()).isEqualTo(expected.id());
        assertThat(actual.end()).isEqualTo(expected.end());
        assertThat(actual.steps().stream().map(UnitCodecTest::comparable))
                .containsExactlyElementsOf(
                        expected.steps().stream().map(UnitCodecTest::comparable).toList());
    }

    private static List<Object> comparable(Step step) {
        if (step instanceof Step.Rows rows) {
            Object place = rows.staged() instanceof Step.Staged.Inline inline
                    ? hex(inline.bytes(), inline.length())
                    : rows.staged();
            return List.of(rows.schema(), rows.format(), rows.counts(), place);
        }
        if (step instanceof Step.SnapshotRows rows) {
            return List.of(comparable(rows.rows()), rows.chunk(), rows.first(), rows.end(), rows.last());
        }
        if (step instanceof Step.KeyUpdate update) {
            RowBatch rows = update.rows();
            return List.of(
                    rows.schema(),
                    rows.bucket(),
                    rows.format(),
                    rows.rows(),
                    hex(rows.bytes(), rows.length()),
                    update.position());
        }
        return List.of(step);
    }

    private static String hex(byte[] bytes, int length) {
        return HexFormat.of().formatHex(bytes, 0, length);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(UnitCodecTest.class.getResourceAsStream(name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        }
    }
}
