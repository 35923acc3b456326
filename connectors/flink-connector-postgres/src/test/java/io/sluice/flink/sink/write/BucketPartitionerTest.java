package io.sluice.flink.sink.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketPartitionerTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 16, 40})
    @DisplayName("S7: any number of writers shares the buckets evenly")
    void sharesEvenly(int writers) {
        int[] buckets = new int[writers];
        for (int bucket = 0; bucket < 16; bucket++) {
            buckets[new BucketPartitioner(16).partition(bucket, writers)]++;
        }
        int[] busy = Arrays.stream(buckets).filter(n -> n > 0).toArray();
        assertThat(busy).hasSize(Math.min(writers, 16));
        assertThat(Arrays.stream(busy).max().getAsInt()
                        - Arrays.stream(busy).min().getAsInt())
                .isLessThanOrEqualTo(1);
    }
}
