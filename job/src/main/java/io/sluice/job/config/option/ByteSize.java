package io.sluice.job.config.option;

import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/** An amount of bytes, such as {@code 128 MiB}; a whole number is bytes. */
public record ByteSize(MemorySize min) implements ValueType<MemorySize> {

    @Override
    public String name() {
        return "size, or a whole number of bytes";
    }

    @Override
    public String takes() {
        return "a size such as \"128 MiB\", " + show(min) + " or more";
    }

    @Override
    public MemorySize read(String text) throws UnreadableValueException {
        MemorySize size;
        try {
            // Flink knows "mb", in the sense of 1024 * 1024, but not the exact name of that unit.
            size = MemorySize.parse(text.toLowerCase(Locale.ROOT).replaceFirst("ib$", "b"));
        } catch (IllegalArgumentException e) {
            throw unreadable();
        }
        if (size.compareTo(min) < 0) {
            throw unreadable();
        }
        return size;
    }

    @Override
    public String show(MemorySize value) {
        long bytes = value.getBytes();
        if (bytes % (1 << 20) == 0) {
            return (bytes >> 20) + " MiB";
        }
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " bytes";
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable MemorySize fallback) {
        var typed = option.memoryType();
        return fallback == null ? typed.noDefaultValue() : typed.defaultValue(fallback);
    }
}
