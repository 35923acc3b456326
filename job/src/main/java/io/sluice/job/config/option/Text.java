package io.sluice.job.config.option;

import static java.util.Objects.requireNonNull;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** A text that a parser turns into a value of its own type. */
public record Text<T>(String name, String takes, boolean secret, Parser<T> parser) implements ValueType<T> {

    public Text {
        requireNonNull(name, "name is null");
        requireNonNull(takes, "takes is null");
        requireNonNull(parser, "parser is null");
    }

    /** A text that may be shown. */
    public static <T> Text<T> of(String name, String takes, Parser<T> parser) {
        return new Text<>(name, takes, false, parser);
    }

    /** A text that is masked wherever it is shown. */
    public static <T> Text<T> secret(String name, String takes, Parser<T> parser) {
        return new Text<>(name, takes, true, parser);
    }

    /** Any text that is not blank. */
    public static Text<String> plain() {
        return of("text", "a text that is not empty", text -> text);
    }

    @Override
    public T read(String text) throws UnreadableValueException {
        if (text.isBlank()) {
            throw unreadable();
        }
        return parser.parse(text);
    }

    @Override
    public String show(T value) {
        return value.toString();
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable T fallback) {
        var typed = option.stringType();
        return fallback == null ? typed.noDefaultValue() : typed.defaultValue(show(fallback));
    }

    /** Turns a text into a value, or says the rule that it breaks. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws UnreadableValueException;
    }
}
