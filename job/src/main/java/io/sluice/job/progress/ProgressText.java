package io.sluice.job.progress;

import io.sluice.postgres.change.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Puts samples into words; rates are those of the last seconds. Not thread-safe. */
public final class ProgressText {
    private static final long WINDOW_NANOS = Duration.ofSeconds(5).toNanos();
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final ZoneId zone;
    private final Deque<Sample.Copying> copying = new ArrayDeque<>();
    private final Deque<Sample.Following> following = new ArrayDeque<>();
    private final Deque<LogEnd> ends = new ArrayDeque<>();

    /** When the source's log was seen to end where. */
    private record LogEnd(Lsn lsn, long nanoTime) {}

    /** @param zone for times of day */
    public ProgressText(ZoneId zone) {
        this.zone = zone;
    }

    public String of(Sample sample) {
        if (sample instanceof Sample.Copying now) {
            remember(copying, now);
            return copying(copying.getFirst(), now);
        }
        if (sample instanceof Sample.Following now) {
            remember(following, now);
            return following(following.getFirst(), now);
        }
        if (sample instanceof Sample.Blind blind) {
            return blind.reason();
        }
        return "starting";
    }

    private static <T extends Sample> void remember(Deque<T> samples, T now) {
        samples.addLast(now);
        while (samples.size() > 2 && now.nanoTime() - samples.getFirst().nanoTime() > WINDOW_NANOS) {
            samples.removeFirst();
        }
    }

    private static String copying(Sample.Copying before, Sample.Copying now) {
        double bytesPerSecond = perSecond(before, now, now.bytes() - before.bytes());
        int percent = now.totalBytes() == 0
                ? (now.complete() == now.tables() ? 100 : 0)
                : (int) (100 * now.bytes() / now.totalBytes());
        String text = String.format(
                Locale.ROOT,
                "copying %3d %%  %,d rows  %s of %s  %s/s  %d of %d tables",
                percent,
                now.rows(),
                bytes(now.bytes()),
                bytes(now.totalBytes()),
                bytes(bytesPerSecond),
                now.complete(),
                now.tables());
        long left = now.totalBytes() - now.bytes();
        // While all is still starting the rate says nothing about the time that is left.
        return left > 0 && bytesPerSecond > 0 && percent > 0
                ? text + "  ETA " + clock((long) Math.ceil(left / bytesPerSecond))
                : text;
    }

    private String following(Sample.Following before, Sample.Following now) {
        String text = String.format(
                Locale.ROOT,
                "following  %,.0f changes/s  lag %s, %.1f s",
                perSecond(before, now, now.changes() - before.changes()),
                bytes(now.lagBytes()),
                lagSeconds(now));
        return now.committed() == 0
                ? text
                : text + "  last commit "
                        + CLOCK.format(Instant.ofEpochMilli(now.committed()).atZone(zone));
    }

    /** Age of the oldest log end seen that the target has not reached. */
    private double lagSeconds(Sample.Following now) {
        ends.addLast(new LogEnd(now.end(), now.nanoTime()));
        while (!ends.isEmpty() && !ends.getFirst().lsn().isAfter(now.applied())) {
            ends.removeFirst();
        }
        return ends.isEmpty() ? 0 : (now.nanoTime() - ends.getFirst().nanoTime()) / 1e9;
    }

    /** Counts begin again at 0 with a restarted job; that is no negative rate. */
    private static double perSecond(Sample before, Sample now, long amount) {
        long nanos = now.nanoTime() - before.nanoTime();
        return nanos <= 0 || amount <= 0 ? 0 : amount * 1e9 / nanos;
    }

    /** With decimal units, as disks and networks have them. */
    static String bytes(double bytes) {
        if (bytes < 1e3) {
            return String.format(Locale.ROOT, "%.0f B", bytes);
        }
        if (bytes < 1e6) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    private static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
