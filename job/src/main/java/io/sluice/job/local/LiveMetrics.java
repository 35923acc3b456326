package io.sluice.job.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/** The metrics of a cluster in this process, read where they are counted. Thread-safe. */
public final class LiveMetrics implements MetricReporter {
    private final Map<Metric, String> names = new ConcurrentHashMap<>();

    /** The sum of all counters of that name; 0 when none is there. */
    public long sum(String name) {
        return named(name, Counter.class::isInstance)
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    /** The greatest value of all whole-number gauges of that name; {@code absent} when none is there. */
    public long greatest(String name, long absent) {
        return named(name, Gauge.class::isInstance)
                .map(metric -> ((Gauge<?>) metric).getValue())
                .flatMapToLong(value ->
                        value instanceof Number number ? LongStream.of(number.longValue()) : LongStream.empty())
                .max()
                .orElse(absent);
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

    private Stream<Metric> named(String name, Predicate<Metric> kind) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .filter(kind);
    }
}
