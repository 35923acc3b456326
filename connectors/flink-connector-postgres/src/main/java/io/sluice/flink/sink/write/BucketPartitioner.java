package io.sluice.flink.sink.write;

import org.apache.flink.api.common.functions.Partitioner;

/**
 * Spreads the fixed number of buckets over however many writers there are (RULES S7): batches know nothing of the
 * writers, so their number may change without the graph being rebuilt.
 */
public final class BucketPartitioner implements Partitioner<Integer> {
    private static final long serialVersionUID = 1;

    private final int buckets;

    public BucketPartitioner(int buckets) {
        this.buckets = buckets;
    }

    /** Neighbouring buckets share a writer, and no two writers differ by more than one bucket. */
    @Override
    public int partition(Integer bucket, int writers) {
        return (int) ((long) bucket * Math.min(writers, buckets) / buckets);
    }
}
