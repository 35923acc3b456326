package io.sluice.flink.source;

import io.sluice.postgres.change.ChangeBatch;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Hands batches on, slowly, and fails now and then: when a checkpoint that holds a number of the attempt's batches has
 * completed, so that the next attempt begins in the middle.
 */
final class Stumble extends RichMapFunction<ChangeBatch, ChangeBatch>
        implements CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1;
    private static final ConcurrentHashMap<String, Plan> PLANS = new ConcurrentHashMap<>();

    private final String test;
    private transient int seen;
    private transient int safe;
    private transient Map<Long, Integer> seenAt;

    private record Plan(AtomicInteger failures, int batches, long pauseNanos) {}

    private Stumble(String test) {
        this.test = test;
    }

    /** @param batches that one subtask must have in a checkpoint of the attempt before it fails */
    static Stumble times(String test, int failures, int batches, long pauseMillis) {
        PLANS.put(test, new Plan(new AtomicInteger(failures), batches, pauseMillis * 1_000_000));
        return new Stumble(test);
    }

    static int left(String test) {
        return PLANS.get(test).failures.get();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        seenAt = new HashMap<>();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        seenAt.put(context.getCheckpointId(), seen);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        safe = seenAt.get(checkpoint);
    }

    @Override
    public ChangeBatch map(ChangeBatch batch) {
        Plan plan = PLANS.get(test);
        seen++;
        if (safe >= plan.batches && plan.failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("the test lets this attempt fail");
        }
        if (plan.pauseNanos > 0 && plan.failures.get() > 0) {
            LockSupport.parkNanos(plan.pauseNanos);
        }
        return batch;
    }
}
