package io.sluice.job.config;

import io.sluice.job.config.option.Key;
import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.TimeSpan;
import io.sluice.job.config.option.UnreadableValueException;
import io.sluice.job.config.option.WholeNumber;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The keys of the section {@code pipeline}. */
final class PipelineKeys {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final String NAME_RULE =
            "1 to 63 letters, digits, \"_\", \".\" and \"-\", beginning with a letter or digit";

    static final Key<String> NAME_KEY = Key.named(
                    "pipeline.name", Text.of("text", NAME_RULE, PipelineKeys::pipelineName))
            .about("Names the job, its row in the target's ledger and its staging tables. Two pipelines into one"
                    + " database need two names, and a pipeline must keep its own.")
            .example("orders")
            .derived("`<source.connection-name>-<target.connection-name>`");

    static final Key<Duration> CHECKPOINT_INTERVAL = Key.named("pipeline.checkpoint-interval", TimeSpan.seconds())
            .about("Time between checkpoints, which is also the time between commits in the target.")
            .example("1 s")
            .or(Duration.ofSeconds(10));

    static final Key<Integer> PARALLELISM = Key.named("pipeline.parallelism", WholeNumber.from(1))
            .about("Parallelism of the job's operators, such as the readers of the first copy.")
            .example("4")
            .derived("the cluster's default; with `sluice run` one per core");

    static final Key<String> STAGING_SCHEMA = Key.named(
                    "pipeline.staging-schema", Text.of("text", "a name", Identifiers::checked))
            .about("Schema in the target's database for the ledger and the staging tables.")
            .example("_sluice")
            .or("_sluice");

    static final Key<String> STATE_BACKEND = Key.named("pipeline.state-backend", Text.plain())
            .about("Flink's `state.backend.type`.")
            .example("rocksdb")
            .optional();

    static final Key<String> CHECKPOINT_DIR = Key.named("pipeline.checkpoint-dir", Text.plain())
            .about("Flink's `execution.checkpointing.dir`: where checkpoints are kept.")
            .example("s3://bucket/checkpoints")
            .optional();

    private PipelineKeys() {}

    static List<Key<?>> all() {
        return List.of(NAME_KEY, CHECKPOINT_INTERVAL, PARALLELISM, STAGING_SCHEMA, STATE_BACKEND, CHECKPOINT_DIR);
    }

    /** A name made of the connections' names, which may hold any character. */
    static String nameOf(String sourceConnection, String targetConnection) {
        String name = (sourceConnection + "-" + targetConnection).replaceAll("[^A-Za-z0-9_.-]", "_");
        return Identifiers.cut(NAME.matcher(name).lookingAt() ? name : "p" + name);
    }

    private static String pipelineName(String text) throws UnreadableValueException {
        if (!NAME.matcher(text).matches()) {
            throw new UnreadableValueException("takes " + NAME_RULE);
        }
        return text;
    }
}
