package io.sluice.job.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the full name of the key; null when the file as a whole is meant
 * @param line the line of the file; null for a key that is missing
 * @param value the offending value, already masked when it is a secret
 * @param example a line that would be right
 */
public record Fault(
        @Nullable String key,
        @Nullable Integer line,
        @Nullable String value,
        String rule,
        @Nullable String example) {
    private static final int LONGEST_VALUE = 60;

    public Fault {
        requireNonNull(rule, "rule is null");
    }

    static Fault ofFile(String rule) {
        return new Fault(null, null, null, rule, null);
    }

    /** One line: the key, where it stands, its value, the rule, an example. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (key != null) {
            text.append(key);
            if (line != null) {
                text.append(" (line ").append(line).append(')');
            }
            if (value != null) {
                text.append(" = ").append(shortened(value));
            }
            text.append(": ");
        }
        text.append(rule);
        if (example != null) {
            text.append("; for example  ").append(example);
        }
        return text.toString();
    }

    private static String shortened(String value) {
        String line = value.replaceAll("\\s+", " ");
        return '"' + (line.length() > LONGEST_VALUE ? line.substring(0, LONGEST_VALUE) + "..." : line) + '"';
    }
}
