package io.sluice.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the runs of a case took. */
final class Report {
    private final String name;
    private final boolean talks;
    private final Map<String, List<Duration>> times = new LinkedHashMap<>();

    /** @param talks whether it prints more than the last line */
    Report(String name, boolean talks) {
        this.name = name;
        this.talks = talks;
    }

    void say(String line) {
        if (talks) {
            System.out.println(line);
        }
    }

    /** A run that does not count. */
    void warmedUp(String side, Duration time) {
        say(String.format(Locale.ROOT, "warm   %-6s  %7.2f s", side, seconds(time)));
    }

    /** @param amount of rows or changes that went over in that time */
    void add(String side, Duration time, long amount) {
        times.computeIfAbsent(side, unused -> new ArrayList<>()).add(time);
        say(String.format(
                Locale.ROOT,
                "run %d  %-6s  %7.2f s  %,10.0f/s",
                times.get(side).size(),
                side,
                seconds(time),
                amount / seconds(time)));
    }

    /** Medians, and the last line. */
    void end() {
        times.keySet()
                .forEach(side -> say(String.format(Locale.ROOT, "median %-6s  %7.2f s", side, seconds(median(side)))));
        System.out.println(json());
    }

    /** Half a pair is null: {@code {"case":"snapshot","sluice_s":3.91,"native_s":null,"ratio":null}}. */
    String json() {
        boolean both = times.containsKey("sluice") && times.containsKey("native");
        String ratio = both
                ? String.format(Locale.ROOT, "%.3f", seconds(median("sluice")) / seconds(median("native")))
                : "null";
        return "{\"case\":\"" + name + "\",\"sluice_s\":" + text("sluice") + ",\"native_s\":" + text("native")
                + ",\"ratio\":" + ratio + "}";
    }

    private String text(String side) {
        return times.containsKey(side) ? String.format(Locale.ROOT, "%.3f", seconds(median(side))) : "null";
    }

    private Duration median(String side) {
        List<Duration> sorted = times.get(side).stream().sorted().toList();
        Duration upper = sorted.get(sorted.size() / 2);
        return sorted.size() % 2 == 1
                ? upper
                : upper.plus(sorted.get(sorted.size() / 2 - 1)).dividedBy(2);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
