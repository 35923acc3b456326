package io.sluice.job.config.option;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** One word out of a few: the constants of an enum, in kebab-case or exactly as the enum spells them. */
public record Choice<E extends Enum<E>>(Class<E> constants, boolean verbatim) implements ValueType<E> {

    public static <E extends Enum<E>> Choice<E> kebab(Class<E> constants) {
        return new Choice<>(constants, false);
    }

    public static <E extends Enum<E>> Choice<E> verbatim(Class<E> constants) {
        return new Choice<>(constants, true);
    }

    @Override
    public String name() {
        return words(" \\| ");
    }

    @Override
    public String takes() {
        return "one of " + words(", ");
    }

    @Override
    public E read(String text) throws UnreadableValueException {
        for (E constant : constants.getEnumConstants()) {
            if (show(constant).equals(text)) {
                return constant;
            }
        }
        throw unreadable();
    }

    @Override
    public String show(E value) {
        return verbatim ? value.name() : value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable E fallback) {
        var typed = option.enumType(constants);
        return fallback == null ? typed.noDefaultValue() : typed.defaultValue(fallback);
    }

    private String words(String separator) {
        return Arrays.stream(constants.getEnumConstants()).map(this::show).collect(joining(separator));
    }
}
