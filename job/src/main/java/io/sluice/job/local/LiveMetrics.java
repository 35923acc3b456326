package io.sluice.job.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/** The metrics of a cluster in this process, read where they are counted. Thread-safe. */
public final class LiveMetrics implements MetricReporter {
    private final Map<Metric, String> names = new ConcurrentHashMap<>();

    /** The sum of all counters and whole-number gauges of that name; 0 when none is there. */
    public long sum(String name) {
        return values(name).sum();
    }

    /** The greatest of them; 0 when none is there. */
    public long greatest(String name) {
        return values(name).max().orElse(0);
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {
        names.clear();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        names.put(metric, name);
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        names.remove(metric);
    }

    private LongStream values(String name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .flatMapToLong(entry -> value(entry.getKey()));
    }

    private static LongStream value(Metric metric) {
        if (metric instanceof Counter counter) {
            return LongStream.of(counter.getCount());
        }
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number
                ? LongStream.of(number.longValue())
                : LongStream.empty();
    }
}
