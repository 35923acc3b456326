package io.sluice.job.config.option;

import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** A whole number within bounds, in plain decimal digits: no {@code 1_000}, {@code 1e3} or {@code 0x10}. */
public record WholeNumber(int min, int max) implements ValueType<Integer> {
    private static final Pattern DIGITS = Pattern.compile("-?\\d{1,10}");

    public static WholeNumber from(int min) {
        return new WholeNumber(min, Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return "integer";
    }

    @Override
    public String takes() {
        return max == Integer.MAX_VALUE
                ? "a whole number, " + min + " or more"
                : "a whole number from " + min + " to " + max;
    }

    @Override
    public Integer read(String text) throws UnreadableValueException {
        if (!DIGITS.matcher(text).matches()) {
            throw unreadable();
        }
        long number = Long.parseLong(text);
        if (number < min || number > max) {
            throw unreadable();
        }
        return (int) number;
    }

    @Override
    public String show(Integer value) {
        return value.toString();
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable Integer fallback) {
        var typed = option.intType();
        return fallback == null ? typed.noDefaultValue() : typed.defaultValue(fallback);
    }
}
