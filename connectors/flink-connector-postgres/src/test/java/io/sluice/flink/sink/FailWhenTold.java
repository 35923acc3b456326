package io.sluice.flink.sink;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.MapFunction;

/** Fails the job at each of the numbers that a test named, once; the cluster runs in the test's JVM. */
final class FailWhenTold implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1;
    private static final Set<Long> NUMBERS = ConcurrentHashMap.newKeySet();

    static void at(Set<Long> numbers) {
        NUMBERS.clear();
        NUMBERS.addAll(numbers);
    }

    /** Number of failures that have not happened yet. */
    static int left() {
        return NUMBERS.size();
    }

    @Override
    public Long map(Long number) {
        if (NUMBERS.remove(number)) {
            throw new IllegalStateException("the test wants a failure at " + number);
        }
        return number;
    }
}
