package io.sluice.job.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the demo tells, in words. */
final class DemoText {
    private DemoText() {}

    static String filled(int tables, Shop.Size size) {
        return format("the source has %,d rows in %d tables, %,.0f MB", size.rows(), tables, megabytes(size));
    }

    static String copied(Shop.Size size, Duration time) {
        return format(
                "copied %,d rows in %.1f s: %,.0f rows/s, %.0f MB/s, keys included",
                size.rows(), seconds(time), size.rows() / seconds(time), megabytes(size) / seconds(time));
    }

    static String followed(long transactions, long changes, Duration behind) {
        return format(
                "followed %,d transactions with %,d changes; the last one was in the target %.1f s after the load ended",
                transactions, changes, seconds(behind));
    }

    static String compared(long rows, int tables, Duration time) {
        return format("compared %,d rows of %d tables on both servers in %.1f s", rows, tables, seconds(time));
    }

    /** @param sorted shortest first */
    static String delays(String when, List<Duration> sorted) {
        if (sorted.isEmpty()) {
            return when + " none measured";
        }
        return format(
                "%s half within %.2f s, 95 %% within %.2f s, 99 %% within %.2f s, all within %.2f s (%,d measured)",
                when,
                seconds(percentile(sorted, 50)),
                seconds(percentile(sorted, 95)),
                seconds(percentile(sorted, 99)),
                seconds(percentile(sorted, 100)),
                sorted.size());
    }

    /** The smallest value that at least so many percent are no greater than. */
    static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
    }

    private static double megabytes(Shop.Size size) {
        return size.bytes() / 1e6;
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
