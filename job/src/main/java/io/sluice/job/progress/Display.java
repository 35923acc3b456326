package io.sluice.job.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Where progress is shown. Not thread-safe. */
public sealed interface Display {
    /** What is the case now; takes the place of what was shown before, where that is possible. */
    void show(String line);

    /** What happened; stays. */
    void say(String line);

    /** For somebody who looks on: one line that changes. */
    static Display live(PrintStream out) {
        return new Live(out);
    }

    /** For a file or a service's log: a line with its time, not more often than that. */
    static Display log(PrintStream out, Duration interval) {
        return new Log(out, interval);
    }

    /** A terminal's last line. */
    final class Live implements Display {
        /** Back to the beginning of the line, and clear it to its end. */
        private static final String CLEAR = "\r\u001b[K";

        private final PrintStream out;

        private Live(PrintStream out) {
            this.out = out;
        }

        @Override
        public void show(String line) {
            out.print(CLEAR + line);
            out.flush();
        }

        @Override
        public void say(String line) {
            out.println(CLEAR + line);
        }
    }

    /** Lines one below the other. */
    final class Log implements Display {
        private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

        private final PrintStream out;
        private final long intervalNanos;
        private long nextNanos = System.nanoTime();

        private Log(PrintStream out, Duration interval) {
            this.out = out;
            this.intervalNanos = interval.toNanos();
        }

        @Override
        public void show(String line) {
            if (System.nanoTime() - nextNanos >= 0) {
                nextNanos = System.nanoTime() + intervalNanos;
                say(line);
            }
        }

        @Override
        public void say(String line) {
            out.println(CLOCK.format(LocalTime.now()) + " " + line);
        }
    }
}
