package io.sluice.job.config;

import io.sluice.job.config.option.Key;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of a file's keys while it is being checked; a key at fault has none. */
final class ConfigValues {
    private final Map<String, Given> given = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    /** What stands in the file, ready to be shown. */
    record Given(int line, String shown) {}

    <T> void put(Key<T> key, T value) {
        values.put(key.name(), value);
    }

    void remember(Key<?> key, Given text) {
        given.put(key.name(), text);
    }

    /** Whether the file has the key with a value, be it a right one or not. */
    boolean given(Key<?> key) {
        return given.containsKey(key.name());
    }

    /** The value given, else the constant default; nothing for a key at fault. */
    @SuppressWarnings("unchecked") // put() is the only writer and takes the value of the key's own type
    <T> Optional<T> find(Key<T> key) {
        T value = (T) values.get(key.name());
        return value == null && !given(key) ? key.constant() : Optional.ofNullable(value);
    }

    /** The value of a key that is required or has a constant default, once the file is known to be without fault. */
    <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no value"));
    }

    <T> @Nullable T orNull(Key<T> key) {
        return find(key).orElse(null);
    }

    boolean isTrue(Key<Boolean> key) {
        return find(key).orElse(false);
    }

    Fault fault(Key<?> key, String rule) {
        Given text = given.get(key.name());
        return text == null
                ? new Fault(key.name(), null, null, rule, key.exampleLine())
                : new Fault(key.name(), text.line(), text.shown(), rule, key.exampleLine());
    }
}
