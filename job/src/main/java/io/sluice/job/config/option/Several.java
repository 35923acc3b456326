package io.sluice.job.config.option;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.jspecify.annotations.Nullable;

/** One value, or a YAML list of at least one. */
public record Several<T>(ValueType<T> item) implements ValueType<List<T>> {

    @Override
    public String name() {
        return item.name() + ", or a list";
    }

    @Override
    public String takes() {
        return item.takes() + ", or a list of them";
    }

    @Override
    public List<T> read(String text) throws UnreadableValueException {
        return List.of(item.read(text));
    }

    @Override
    public List<T> readList(List<String> texts) throws UnreadableValueException {
        if (texts.isEmpty()) {
            throw unreadable();
        }
        List<T> items = new ArrayList<>();
        for (String text : texts) {
            T value = item.read(text);
            if (items.contains(value)) {
                throw new UnreadableValueException("names \"" + text + "\" twice");
            }
            items.add(value);
        }
        return List.copyOf(items);
    }

    @Override
    public String show(List<T> value) {
        return value.stream().map(item::show).collect(joining(", "));
    }

    @Override
    public ConfigOption<?> declare(ConfigOptions.OptionBuilder option, @Nullable List<T> fallback) {
        var typed = option.stringType().asList();
        return fallback == null
                ? typed.noDefaultValue()
                : typed.defaultValues(fallback.stream().map(item::show).toArray(String[]::new));
    }
}
