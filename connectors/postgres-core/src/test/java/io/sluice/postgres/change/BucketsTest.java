package io.sluice.postgres.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private static TableSchema table(boolean bytewise) {
        ColumnType type = new ColumnType(20, -1, "bigint", 20, new ColumnType.Traits(true, bytewise));
        return new TableSchema(new TableName("s", "t"), 1, List.of(new Column("id", 1, type, 1, true)));
    }

    private static Tuple key(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Tuple tuple = new Tuple();
        tuple.reset(bytes, 1);
        tuple.value(0, 0, bytes.length);
        return tuple;
    }

    @Test
    @DisplayName("S7: a key's bucket does not change from release to release")
    void bucketOfAKeyIsPartOfTheState() {
        Buckets buckets = new Buckets(16);
        assertThat(List.of("1", "2", "abcdefgh", "").stream()
                        .map(k -> buckets.of(table(true), key(k)))
                        .toList())
                .containsExactly(GOLDEN);
    }

    @Test
    @DisplayName("S7: keys spread over all buckets")
    void keysSpread() {
        Buckets buckets = new Buckets(16);
        int[] hits = new int[16];
        for (int i = 0; i < 16_000; i++) {
            hits[buckets.of(table(true), key(Integer.toString(i)))]++;
        }
        assertThat(java.util.Arrays.stream(hits).boxed())
                .allSatisfy(n -> assertThat(n).isBetween(800, 1200));
    }

    @Test
    @DisplayName("S16: keys whose equality is not that of their bytes share their table's bucket")
    void keysThatAreNotBytewiseShareABucket() {
        Buckets buckets = new Buckets(16);
        assertThat(buckets.of(table(false), key("1.0"))).isEqualTo(buckets.of(table(false), key("1.00")));
    }

    private static final Integer[] GOLDEN = {4, 7, 3, 6};
}
