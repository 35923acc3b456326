package io.sluice.job.config.option;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** One key of the file. The Flink option carries name and description, so that SQL and builders can use the same. */
public record Key<T>(
        ConfigOption<?> option, ValueType<T> type, Fallback<T> fallback, String description, String example) {

    public Key {
        requireNonNull(option, "option is null");
        requireNonNull(type, "type is null");
        requireNonNull(fallback, "fallback is null");
        requireNonNull(description, "description is null");
        requireNonNull(example, "example is null");
    }

    /** Begins the declaration of {@code section.key}. */
    public static <T> Declaration<T> named(String name, ValueType<T> type) {
        return new Declaration<>(name, type, "", "");
    }

    /** The full name, such as {@code source.host}. */
    public String name() {
        return option.key();
    }

    /** The name inside its section, as the file writes it. */
    public String leaf() {
        return name().substring(name().indexOf('.') + 1);
    }

    /** Whether the value is masked wherever it is shown. */
    public boolean secret() {
        return type.secret();
    }

    public boolean required() {
        return fallback instanceof Fallback.Required;
    }

    public Optional<T> constant() {
        return fallback instanceof Fallback.Fixed<T> fixed ? Optional.of(fixed.value()) : Optional.empty();
    }

    /** A line that would be right in the file. */
    public String exampleLine() {
        return leaf() + ": " + example;
    }

    /** A key being declared; ends with what holds when the key is not given. */
    public record Declaration<T>(String name, ValueType<T> type, String description, String example) {

        public Declaration<T> about(String words) {
            return new Declaration<>(name, type, words, example);
        }

        public Declaration<T> example(String text) {
            return new Declaration<>(name, type, description, text);
        }

        public Key<T> required() {
            return key(new Fallback.Required<>(), null);
        }

        public Key<T> optional() {
            return key(new Fallback.Absent<>(), null);
        }

        public Key<T> derived(String words) {
            return key(new Fallback.Derived<>(words), null);
        }

        public Key<T> or(T value) {
            return key(new Fallback.Fixed<>(value), value);
        }

        private Key<T> key(Fallback<T> fallback, @Nullable T value) {
            ConfigOption<?> option =
                    type.declare(ConfigOptions.key(name), value).withDescription(description);
            return new Key<>(option, type, fallback, description, example);
        }
    }
}
