package io.sluice.job.config;

import io.sluice.job.config.option.Key;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Says what may have been meant by a key that does not exist. Its value is never shown: it may be a password. */
final class UnknownKeys {
    private static final Set<String> OF_ANOTHER_DATABASE =
            Set.of("auth-database", "enable-srv", "replica-set", "direct-connection");

    /** Names that the seed document uses where ours differ by more than the spelling. */
    private static final Map<String, String> SEED_NAMES = Map.ofEntries(
            Map.entry("integration-name", "connection-name"),
            Map.entry("source-schema", "schema"),
            Map.entry("source-table", "table"),
            Map.entry("target-schema", "schema"),
            Map.entry("target-table", "table"),
            Map.entry("target-schema-privileges", "schema-privileges"),
            Map.entry("maximum-parallelism", "max-parallelism"),
            Map.entry("parallelism-max", "max-parallelism"),
            Map.entry("data-flattening-maximum-level", "data-flattening-max-level"),
            Map.entry("batch-flush-minimum-time-gap", "batch-flush-min-time-gap"),
            Map.entry("ssl-client-key-password", "ssl-client-password"));

    private final List<Key<?>> keys;

    UnknownKeys(List<Key<?>> keys) {
        this.keys = keys;
    }

    Fault fault(String section, String written, int line) {
        return new Fault(section + "." + written, line, null, rule(section, kebab(written)), null);
    }

    /** The known word that is nearest to what was written. */
    static String nearest(String written, Stream<String> known) {
        String word = kebab(written);
        return known.min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
    }

    private String rule(String section, String word) {
        if (OF_ANOTHER_DATABASE.contains(word)) {
            return "belongs to another database's connector; PostgreSQL has nothing like it, so remove it";
        }
        if (word.equals("verify-mode")) {
            return "is an unknown key; the verify mode is called \"ssl-mode\" here";
        }
        String meant = SEED_NAMES.getOrDefault(word, word);
        if (leaves(section).anyMatch(meant::equals)) {
            return "is an unknown key; write it \"" + meant + "\"";
        }
        return keys.stream()
                .filter(key -> key.leaf().equals(meant))
                .findFirst()
                .map(key -> "is an unknown key here; did you mean \"" + key.name() + "\"?")
                .orElseGet(() -> "is an unknown key; did you mean \"" + nearest(word, leaves(section)) + "\"?");
    }

    private Stream<String> leaves(String section) {
        return keys.stream().filter(key -> key.name().startsWith(section + ".")).map(Key::leaf);
    }

    /** {@code batchSize}, {@code batch_size} and {@code Batch Size} are all {@code batch-size}. */
    private static String kebab(String written) {
        return written.strip()
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .replaceAll("[_\\s]+", "-")
                .toLowerCase(Locale.ROOT);
    }

    /** The least number of letters to insert, remove or replace (Levenshtein), row by row. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
