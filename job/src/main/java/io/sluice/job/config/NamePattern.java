package io.sluice.job.config;

import static java.util.Objects.requireNonNull;

import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.UnreadableValueException;
import java.io.Serializable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Selects schemas or tables: by one exact name, or by a regular expression that the whole name must match. */
public sealed interface NamePattern extends Serializable {
    boolean matches(String name);

    /** Exactly this name, with its upper and lower case. */
    record Exact(String name) implements NamePattern {
        public Exact {
            requireNonNull(name, "name is null");
        }

        @Override
        public boolean matches(String candidate) {
            return name.equals(candidate);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Every name that matches; resolved with the source's catalog when the pipeline starts. */
    record Regex(String expression) implements NamePattern {
        public Regex {
            Pattern.compile(expression);
        }

        @Override
        public boolean matches(String candidate) {
            return Pattern.matches(expression, candidate);
        }

        @Override
        public String toString() {
            return "/" + expression + "/";
        }
    }

    /** The type of keys that select by name. */
    static Text<NamePattern> type() {
        return Text.of("name or /regex/", "a name or a /regular expression/", NamePattern::parse);
    }

    private static NamePattern parse(String text) throws UnreadableValueException {
        if (!text.startsWith("/") || !text.endsWith("/") || text.length() < 3) {
            return new Exact(Identifiers.checked(text));
        }
        try {
            return new Regex(text.substring(1, text.length() - 1));
        } catch (PatternSyntaxException e) {
            throw new UnreadableValueException(
                    "is not a regular expression that can be used: " + e.getDescription() + " at " + e.getIndex());
        }
    }
}
