package io.sluice.job.config.option;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** A boolean, spelled {@code true} or {@code false} and nothing else. */
public record TrueOrFalse() implements ValueType<Boolean> {

    @Override
    public String name() {
        return "boolean";
    }

    @Override
    public String takes() {
        return "true or false";
    }

    @Override
    public Boolean read(String text) throws UnreadableValueException {
        if (text.equals("true")) {
            return true;
        }
        if (text.equals("false")) {
            return false;
        }
        throw unreadable();
    }

    @Override
    public String show(Boolean value) {
        return value.toString();
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable Boolean fallback) {
        var typed = option.booleanType();
        return fallback == null ? typed.noDefaultValue() : typed.defaultValue(fallback);
    }
}
