package io.sluice.flink.source;

import io.sluice.postgres.change.ChangeBatch;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Hands batches on, slowly, and fails now and then: after a number of batches, once a checkpoint has completed. */
final class Stumble extends RichMapFunction<ChangeBatch, ChangeBatch> implements CheckpointListener {
    private static final long serialVersionUID = 1;
    private static final ConcurrentHashMap<String, Plan> PLANS = new ConcurrentHashMap<>();

    private final String test;
    private transient int seen;
    private transient boolean checkpointed;

    /** @param failures how often, each after {@code batches} of one attempt */
    private record Plan(AtomicInteger failures, int batches, long pauseNanos) {}

    private Stumble(String test) {
        this.test = test;
    }

    static Stumble times(String test, int failures, int batches, long pauseMillis) {
        PLANS.put(test, new Plan(new AtomicInteger(failures), batches, pauseMillis * 1_000_000));
        return new Stumble(test);
    }

    static int left(String test) {
        return PLANS.get(test).failures.get();
    }

    @Override
    public ChangeBatch map(ChangeBatch batch) {
        Plan plan = PLANS.get(test);
        seen++;
        if (seen >= plan.batches && checkpointed && plan.failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("the test lets this attempt fail");
        }
        if (plan.pauseNanos > 0 && plan.failures.get() > 0) {
            LockSupport.parkNanos(plan.pauseNanos);
        }
        return batch;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        checkpointed = true;
    }
}
