package io.sluice.job.verify;

import java.util.Objects;

/**
 * A row that is not the same on both sides.
 *
 * @param key the values of its key, or of a table without key a number that its values give: never other columns
 */
public record Difference(Kind kind, String key) {
    /** How the target differs from the source. */
    public enum Kind {
        MISSING("missing in the target"),
        SURPLUS("only in the target"),
        CHANGED("different in the target");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    public Difference {
        Objects.requireNonNull(kind, "kind is null");
        Objects.requireNonNull(key, "key is null");
    }

    @Override
    public String toString() {
        return key + " is " + kind.words;
    }
}
