package io.sluice.job;

import io.sluice.job.config.PipelineConfig;
import io.sluice.job.preflight.Finding;
import io.sluice.job.preflight.Inspection;
import io.sluice.job.preflight.Preflight;
import io.sluice.job.topology.JobOptions;
import io.sluice.job.topology.ReplicationTopology;
import io.sluice.job.topology.ReplicationTopology.Circumstances;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Main class for {@code flink run}: looks at both servers, then submits the pipeline that a file describes. */
public final class ReplicationJob {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicationJob.class);

    private static final String USAGE = """
            usage: flink run -d -c io.sluice.job.ReplicationJob sluice-job.jar -c FILE

              -c, --config FILE   the pipeline's YAML file, read where the job is submitted
              -h, --help          shows this and ends

            Flink's own options stand in the file's section "flink". Both servers are looked at first: a pipeline
            that could not work is refused, and nothing is made or changed.
            """;

    private ReplicationJob() {}

    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        if (given.contains("-h") || given.contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        if (given.size() != 2 || !List.of("-c", "--config").contains(given.get(0))) {
            throw new IllegalArgumentException("expected -c FILE, got " + given + "\n" + USAGE);
        }
        PipelineConfig config = PipelineConfig.load(Path.of(given.get(1)));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobOptions.of(config));
        prepare(env, config);
        env.execute(config.pipeline().name());
    }

    /**
     * Looks at both servers and puts the pipeline into the environment.
     *
     * @throws IllegalStateException when the look showed an error; names all of them
     */
    static void prepare(StreamExecutionEnvironment env, PipelineConfig config) {
        Inspection inspection = Preflight.inspect(config);
        if (inspection.hasErrors()) {
            throw new IllegalStateException(inspection.findings().stream()
                    .filter(Finding::isError)
                    .map(Finding::toString)
                    .collect(Collectors.joining("\n", "the pipeline cannot start:\n", "")));
        }
        inspection.findings().forEach(ReplicationJob::log);
        // The cluster's slots are not known here: its parallelism stands for them, and who asks for more writers than
        // that by number knows of more slots.
        int slots = Math.max(
                env.getParallelism(), config.target().delivery().parallelism().requested());
        ReplicationTopology.build(
                env, config, new Circumstances(inspection.tables().size(), slots, inspection.values()));
    }

    private static void log(Finding finding) {
        if (finding.severity() == Finding.Severity.INFO) {
            LOG.info("{}", finding);
        } else {
            LOG.warn("{}", finding);
        }
    }
}
