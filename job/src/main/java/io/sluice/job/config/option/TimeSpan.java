package io.sluice.job.config.option;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/** A duration. A whole number is read in the key's own unit, as the seed document gives it; {@code 5 min} says its own. */
public record TimeSpan(ChronoUnit unit, Duration min, Duration max) implements ValueType<Duration> {
    private static final Pattern DIGITS = Pattern.compile("-?\\d{1,15}");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Whole numbers are seconds; zero or more. */
    public static TimeSpan seconds() {
        return new TimeSpan(ChronoUnit.SECONDS, Duration.ZERO, LONGEST);
    }

    /** Whole numbers are seconds; below zero means something too. */
    public static TimeSpan signedSeconds() {
        return new TimeSpan(ChronoUnit.SECONDS, LONGEST.negated(), LONGEST);
    }

    /** Whole numbers are milliseconds, as many as a setting of the server can hold. */
    public static TimeSpan serverMilliseconds() {
        return new TimeSpan(ChronoUnit.MILLIS, Duration.ZERO, Duration.ofMillis(Integer.MAX_VALUE));
    }

    @Override
    public String name() {
        return "duration, or a whole number of " + words();
    }

    @Override
    public String takes() {
        String range = min.isNegative() ? "" : ", zero or more";
        String limit = max.equals(LONGEST) ? "" : ", at most " + show(max);
        return "a whole number of " + words() + " or a duration such as \"30 s\" or \"5 min\"" + range + limit;
    }

    @Override
    public Duration read(String text) throws UnreadableValueException {
        Duration span = DIGITS.matcher(text).matches() ? Duration.of(Long.parseLong(text), unit) : withUnit(text);
        if (span.compareTo(min) < 0 || span.compareTo(max) > 0) {
            throw unreadable();
        }
        return span;
    }

    @Override
    public String show(Duration value) {
        return unit == ChronoUnit.SECONDS ? value.toSeconds() + " s" : value.toMillis() + " ms";
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable Duration fallback) {
        var typed = option.durationType();
        return fallback == null ? typed.noDefaultValue() : typed.defaultValue(fallback);
    }

    private Duration withUnit(String text) throws UnreadableValueException {
        try {
            return TimeUtils.parseDuration(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw unreadable();
        }
    }

    private String words() {
        return unit == ChronoUnit.SECONDS ? "seconds" : "milliseconds";
    }
}
