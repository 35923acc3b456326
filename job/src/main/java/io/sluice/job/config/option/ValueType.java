package io.sluice.job.config.option;

import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** What a key takes, and how the text of a value is read. Reading is strict: nothing is guessed. */
public interface ValueType<T> {
    /** The name of the type as the reference page shows it. */
    String name();

    /** What the key takes; finishes the sentence "takes ...". */
    String takes();

    T read(String text) throws UnreadableValueException;

    /** Reads a YAML list; only types made for lists take one. */
    default T readList(List<String> texts) throws UnreadableValueException {
        throw new UnreadableValueException("takes one value, not a list");
    }

    /** Whether values are never shown. */
    default boolean secret() {
        return false;
    }

    /** The value as one would write it in the file. */
    String show(T value);

    /** Declares the Flink option of a key of this type. */
    ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable T fallback);

    /** The fault of a text that this type does not take. */
    default UnreadableValueException unreadable() {
        return new UnreadableValueException("takes " + takes());
    }
}
