package io.sluice.postgres.apply.stage;

import static io.sluice.postgres.apply.stage.StagedRows.UNCHANGED;
import static io.sluice.postgres.change.ChangeKind.DELETE;
import static io.sluice.postgres.change.ChangeKind.INSERT;
import static io.sluice.postgres.change.ChangeKind.MOVED;
import static io.sluice.postgres.change.ChangeKind.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.stage.StagedRows.Row;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.KeyHash;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFoldTest {
    private static final TableSchema TABLE = Changes.table(3, 1, true);

    private static List<Row> fold(Changes changes) throws Exception {
        KeyFold fold = new KeyFold(TABLE, 4);
        changes.into(fold);
        return StagedRows.of(fold);
    }

    @ParameterizedTest
    @CsvSource({
        "I, I", "U, U", "D, D", "M, M", "IU, I", "ID, D", "IDI, I", "IDIU, I", "IM, M", "IMI, I", "UU, U", "UD, D",
        "UDI, U", "UDID, D", "DI, U", "DIU, U", "DID, D", "MI, U", "MIM, M", "MID, D", "UM, M"
    })
    void whatIsStagedOfAKeyFollowsFromItsFirstAndLastChange(String changes, char staged) throws Exception {
        Changes all = new Changes(TABLE);
        for (char change : changes.toCharArray()) {
            all.add(ChangeKind.of((byte) change), "k", "v" + change, null);
        }
        List<Row> rows = fold(all);
        assertThat(rows).hasSize(1);
        Row row = rows.get(0);
        assertThat(row.op()).isEqualTo(staged);
        assertThat(row.segment()).isEqualTo(4);
        assertThat(row.lsn()).isEqualTo(7);
        assertThat(row.ordinal()).isEqualTo(changes.length());
        assertThat(row.time()).isEqualTo(1000 + changes.length());
        boolean gone = staged == 'D' || staged == 'M';
        assertThat(row.values()).containsExactly("k", gone ? null : "v" + changes.charAt(changes.length() - 1), null);
    }

    @Test
    void valuesThatDidNotChangeComeFromTheEarlierRow() throws Exception {
        List<Row> rows = fold(new Changes(TABLE)
                .add(INSERT, "born", "1", "toast")
                .add(UPDATE, "old", UNCHANGED, "2")
                .add(UPDATE, "back", "1", UNCHANGED)
                .add(UPDATE, "born", "a longer value", UNCHANGED)
                .add(UPDATE, "old", "3", UNCHANGED)
                .add(DELETE, "back", null, null)
                .add(INSERT, "back", "4", "5")
                .add(UPDATE, "back", UNCHANGED, "6"));
        assertThat(rows)
                .extracting(row -> row.op() + " " + row.values())
                .containsExactly("I [born, a longer value, toast]", "U [old, 3, 2]", "U [back, 4, 6]");
    }

    @Test
    void valuesThatNobodyKnowsStayUnchanged() throws Exception {
        KeyFold fold = new KeyFold(TABLE, 0);
        new Changes(TABLE)
                .add(UPDATE, "k", "1", UNCHANGED)
                .add(UPDATE, "k", UNCHANGED, UNCHANGED)
                .add(UPDATE, "gone", "1", UNCHANGED)
                .add(DELETE, "gone", null, null)
                .into(fold);
        assertThat(StagedRows.of(fold))
                .extracting(row -> row.op() + " " + row.values())
                .containsExactly("U [k, 1, " + UNCHANGED + "]", "D [gone, null, null]");
        assertThat(fold.counts()).isEqualTo(new Step.Counts(0, 1, 1, 1));
    }

    @Test
    void ofARowThatIsGoneOnlyTheKeyIsStaged() throws Exception {
        TableSchema table = Changes.table(4, 2, true);
        KeyFold fold = new KeyFold(table, 0);
        new Changes(table).add(DELETE, "a", "b", "full", "old row").into(fold);
        assertThat(StagedRows.of(fold).get(0).values()).containsExactly("a", "b", null, null);
    }

    @Test
    void nullEmptyAndNeighbouringFieldsStayApart() throws Exception {
        TableSchema table = Changes.table(3, 2, true);
        KeyFold fold = new KeyFold(table, 0);
        new Changes(table)
                .add(INSERT, "a", "bc", null)
                .add(INSERT, "ab", "c", "")
                .add(INSERT, "", "abc", "x")
                .into(fold);
        assertThat(StagedRows.of(fold))
                .extracting(Row::values)
                .containsExactly(Arrays.asList("a", "bc", null), List.of("ab", "c", ""), List.of("", "abc", "x"));
    }

    @Test
    void aKeyWithoutValueIsAnError() {
        KeyFold fold = new KeyFold(TABLE, 0);
        assertThatThrownBy(() ->
                        new Changes(TABLE).add(UPDATE, UNCHANGED, "1", "2").into(fold))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("s.t")
                .hasMessageContaining("c0");
    }

    @Test
    @DisplayName("S16: keys that do not compare as bytes are not folded")
    void otherKeysAreRefused() {
        assertThatThrownBy(() -> new KeyFold(Changes.table(2, 1, false), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KeyFold(Changes.table(2, 0, true), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysOfOneHashStayApart() throws Exception {
        Map<Integer, String> seen = new HashMap<>();
        Tuple tuple = new Tuple();
        String twin = null;
        String key = "";
        for (int i = 0; twin == null; i++) {
            key = "key " + i;
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            tuple.reset(bytes, 3);
            tuple.value(0, 0, bytes.length);
            twin = seen.put(KeyHash.of(TABLE, tuple), key);
        }
        List<Row> rows = fold(new Changes(TABLE)
                .add(INSERT, twin, "1", null)
                .add(INSERT, key, "2", null)
                .add(UPDATE, twin, "3", null)
                .add(DELETE, key, null, null));
        assertThat(rows)
                .extracting(row -> row.op() + " " + row.values())
                .containsExactly("I [" + twin + ", 3, null]", "D [" + key + ", null, null]");
    }

    /** Rows that are overwritten with others of other lengths do not pile up. */
    @Test
    void memoryFollowsTheKeysNotTheChanges() throws Exception {
        KeyFold fold = new KeyFold(TABLE, 0);
        Changes changes = new Changes(TABLE);
        String value = "x".repeat(5000);
        for (int i = 0; i < 20_000; i++) {
            changes.add(UPDATE, "k" + i % 10, value.substring(i % 100), UNCHANGED);
            if (i % 100 == 0) {
                changes.into(fold);
            }
        }
        changes.into(fold);
        assertThat(fold.rows()).isEqualTo(10);
        assertThat(fold.memory()).isLessThan(4 << 20);
        assertThat(StagedRows.of(fold))
                .allSatisfy(row -> assertThat(row.values().get(1)).matches("x{4901,5000}"));
        assertThat(fold.bytes())
                .isEqualTo(StagedRows.of(fold).stream()
                        .mapToLong(row -> 2
                                + 4 * 9
                                + 4
                                + 1
                                + 8
                                + 8
                                + 8
                                + 1
                                + 2
                                + row.values().get(1).length())
                        .sum());
    }

    @Test
    void equalsANaiveModel() throws Exception {
        long seed = new Random().nextLong();
        for (int round = 0; round < 60; round++) {
            compareWithModel(new Random(seed + round), "seed " + seed + ", round " + round);
        }
    }

    private static final class Model {
        boolean born;
        char op;
        long ordinal;

        @Nullable
        String[] values = {};
    }

    private static void compareWithModel(Random random, String name) throws Exception {
        int width = 2 + random.nextInt(12);
        int keyWidth = 1 + random.nextInt(2);
        TableSchema table = Changes.table(width, keyWidth, true);
        KeyFold fold = new KeyFold(table, 0);
        Changes changes = new Changes(table);
        Map<String, Model> model = new LinkedHashMap<>();
        int keys = 1 + random.nextInt(random.nextBoolean() ? 5 : 3000);
        int count = random.nextInt(10_000);
        for (long ordinal = 1; ordinal <= count; ordinal++) {
            ChangeKind kind = ChangeKind.values()[random.nextInt(4)];
            @Nullable String[] values = new String[width];
            String key = "";
            for (int i = 0; i < width; i++) {
                if (i < keyWidth) {
                    values[i] = "" + random.nextInt(keys);
                    key += values[i] + ",";
                } else {
                    values[i] = value(random, kind);
                }
            }
            changes.add(kind, values);
            if (random.nextInt(50) == 0) {
                changes.into(fold);
            }
            Model row = model.get(key);
            boolean there = row != null && (row.op == 'I' || row.op == 'U');
            if (row == null) {
                row = new Model();
                row.born = kind == INSERT;
                model.put(key, row);
            }
            if (kind == UPDATE && there) {
                for (int i = 0; i < width; i++) {
                    values[i] = UNCHANGED.equals(values[i]) ? row.values[i] : values[i];
                }
            }
            if (kind == DELETE || kind == MOVED) {
                Arrays.fill(values, keyWidth, width, null);
            }
            row.op = kind == DELETE ? 'D' : kind == MOVED ? 'M' : row.born ? 'I' : 'U';
            row.ordinal = ordinal;
            row.values = values;
        }
        changes.into(fold);
        List<String> expected = new ArrayList<>();
        model.values().forEach(row -> expected.add(row.op + " " + row.ordinal + " " + Arrays.toString(row.values)));
        assertThat(StagedRows.of(fold))
                .as(name)
                .extracting(row -> row.op() + " " + row.ordinal() + " " + row.values())
                .containsExactlyElementsOf(expected);
        assertThat(fold.rows()).as(name).isEqualTo(fold.counts().rows()).isEqualTo(model.size());
    }

    private static @Nullable String value(Random random, ChangeKind kind) {
        int what = random.nextInt(10);
        if (what == 0) {
            return null;
        }
        return kind == UPDATE && what < 4 ? UNCHANGED : "v".repeat(random.nextInt(random.nextInt(40) == 0 ? 3000 : 12));
    }
}
