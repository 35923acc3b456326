package io.sluice.job.config;

import io.sluice.job.config.option.Fallback;
import io.sluice.job.config.option.Key;
import java.util.List;
import java.util.Map;

/** The reference page of all keys, made of their declarations. */
final class ConfigurationPage {
    static final String EXAMPLE = """
            pipeline:
              name: orders
            source:
              connection-name: FromPG
              host: db.example.com
              username: sluice
              password: ${env:SOURCE_PASSWORD}
              database-name: shop
              schema: public
              table: [customers, orders]
              replication-method: LOG_BASED
            target:
              connection-name: ToPG
              host: warehouse.example.com
              username: sluice
              password: ${file:/run/secrets/target-password}
              database-name: warehouse
              schema: shop
              table: ${table}
              hard-delete: true
            """;

    private static final Map<String, String> SECTIONS = Map.of(
            "pipeline", "The pipeline as a whole.",
            "source", "The PostgreSQL server that is read.",
            "target", "The PostgreSQL server that is written.");

    private final StringBuilder page = new StringBuilder();

    String text() {
        page.append("""
                <!-- Generated from the declarations of the keys; ConfigurationPageTest says how to write it again. -->
                # Configuration

                One YAML file describes a pipeline. `bin/sluice check -c FILE` reads it and reports everything that is
                wrong with it at once; nothing is touched before the whole file is right.

                ```yaml
                """);
        page.append(EXAMPLE).append("```\n");
        page.append("""

                ## How values are read

                - **Durations**: a whole number counts in the unit that the table names; `30 s`, `5 min`, `24 h` say their own.
                - **Sizes**: a whole number is bytes; `64 KiB`, `128 MiB`, `2 GiB`.
                - **Booleans** are `true` or `false`, also in quotes, and nothing else.
                - **References**: where the table says so, `${env:NAME}` is the value of an environment variable and
                  `${file:PATH}` the content of a file without its last line break. A reference is read in the process
                  that opens a connection, when it opens it; it never shows up resolved in the job graph, in logs or in
                  the web UI.
                - **Unknown keys**, keys that stand twice and values that break a rule are errors (exit code 2). A key without
                  a value counts as not given.
                - A key marked *not supported yet* is read and checked, but takes only its default in this version.
                """);
        for (String section : List.of("pipeline", "source", "target")) {
            section(section);
        }
        page.append("""

                ## `flink`

                Every option of Flink, dotted or nested, goes to the job as it is:

                ```yaml
                flink:
                  taskmanager.numberOfTaskSlots: 4
                  execution:
                    checkpointing:
                      num-retained: 3
                ```

                Refused are unaligned checkpoints, checkpoints that are not exactly-once, and with `LOG_BASED` the BATCH
                mode and a checkpoint interval of 0. An option that a key above stands for
                (`pipeline.name`, `execution.checkpointing.interval`, `parallelism.default`, `state.backend.type`,
                `execution.checkpointing.dir`) can be given in one of the two places.
                """);
        return page.toString();
    }

    private void section(String section) {
        page.append("\n## `").append(section).append("`\n\n").append(SECTIONS.get(section));
        page.append("\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
        ConfigReader.KEYS.stream()
                .filter(key -> key.name().startsWith(section + "."))
                .forEach(this::row);
    }

    private <T> void row(Key<T> key) {
        page.append("| `").append(key.leaf()).append("` | ").append(key.type().name());
        page.append(" | ").append(fallback(key)).append(" | ").append(key.description());
        if (NotSupportedYet.KEYS.contains(key)) {
            page.append(" *Not supported yet.*");
        }
        page.append(" |\n");
    }

    private static <T> String fallback(Key<T> key) {
        Fallback<T> fallback = key.fallback();
        if (fallback instanceof Fallback.Fixed<T> fixed) {
            return '`' + key.type().show(fixed.value()) + '`';
        }
        if (fallback instanceof Fallback.Derived<T> derived) {
            return derived.words();
        }
        return fallback instanceof Fallback.Required<T> ? "**required**" : "none";
    }
}
