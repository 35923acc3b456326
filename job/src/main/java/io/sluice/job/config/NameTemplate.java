package io.sluice.job.config;

import static java.util.Objects.requireNonNull;

import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.UnreadableValueException;
import java.io.Serializable;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A target name, in which {@code ${schema}} and {@code ${table}} stand for those of the source table. */
public record NameTemplate(String text) implements Serializable {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Set<String> KNOWN = Set.of("schema", "table");

    public NameTemplate {
        requireNonNull(text, "text is null");
    }

    /** The name for one source table. */
    public String nameFor(TableName source) {
        return text.replace("${schema}", source.schema()).replace("${table}", source.table());
    }

    @Override
    public String toString() {
        return text;
    }

    static Text<NameTemplate> type() {
        return Text.of(
                "name, or template of ${schema} and ${table}",
                "a name, in which ${schema} and ${table} stand for those of the source table",
                NameTemplate::parse);
    }

    private static NameTemplate parse(String text) throws UnreadableValueException {
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            if (!KNOWN.contains(placeholder.group(1))) {
                throw new UnreadableValueException("holds " + placeholder.group()
                        + ", but only ${schema} and ${table} can stand in a target name");
            }
        }
        Identifiers.checked(placeholder.replaceAll(""));
        return new NameTemplate(text);
    }
}
