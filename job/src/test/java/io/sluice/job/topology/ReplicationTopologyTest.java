package io.sluice.job.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.job.PipelineFile;
import io.sluice.job.topology.ReplicationTopology.Circumstances;
import io.sluice.postgres.change.ValueFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicationTopologyTest {
    private static final Circumstances FOUR_SLOTS = new Circumstances(3, 4, ValueFormat.BINARY);

    @Test
    @DisplayName("S22: the job graph holds references, not what they stand for")
    void noSecretInTheJobGraph(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2");
        PipelineFile file = PipelineFile.of("source.example.com", "target.example.com");
        for (String key : List.of("host", "username", "password")) {
            file.with("source." + key, "${file:" + secret + "}").with("target." + key, "${file:" + secret + "}");
        }
        String graph =
                new String(InstantiationUtil.serializeObject(graph(file, FOUR_SLOTS)), StandardCharsets.ISO_8859_1);
        String userCode = vertices(graph(file, FOUR_SLOTS)).stream()
                .map(vertex -> serialized(vertex.getConfiguration()))
                .collect(Collectors.joining());
        assertThat(graph + userCode).doesNotContain("hunter2").contains(secret.toString());
    }

    @Test
    @DisplayName("M6: as many writers as tables, up to the slots")
    void parallelism() {
        PipelineFile file = PipelineFile.of("source.example.com", "target.example.com");
        assertThat(parallelism(graph(file, FOUR_SLOTS)))
                .containsEntry("Source: postgres source FromPG", 4)
                .containsEntry("postgres sink ToPG: Writer", 3)
                .containsEntry("postgres sink ToPG: gather", 1);
        assertThat(parallelism(graph(file, new Circumstances(30, 4, ValueFormat.BINARY))))
                .containsEntry("postgres sink ToPG: Writer", 4);
        file.with("pipeline.parallelism", "2").with("target.parallelism", "2");
        assertThat(parallelism(graph(file, FOUR_SLOTS)))
                .containsEntry("Source: postgres source FromPG", 2)
                .containsEntry("postgres sink ToPG: Writer", 2);
    }

    @Test
    void operatorsKeepTheirIdentity() {
        JobGraph graph = graph(PipelineFile.of("source.example.com", "target.example.com"), FOUR_SLOTS);
        assertThat(vertices(graph).stream().collect(Collectors.toMap(JobVertex::getName, vertex -> vertex.getID()
                        .toHexString())))
                .as("what savepoints find state by")
                .isEqualTo(Map.of(
                        "Source: postgres source FromPG", "2fe35cf98e1e61c619552d69b1fbcfad",
                        "postgres sink ToPG: Writer", "ed7ff5d5bdaf12b8561665dba38ba9cb",
                        "postgres sink ToPG: gather", "9f854628cf744cd5c03d56b6940dea4f",
                        "postgres sink ToPG: Committer", "fd4c9c4edaba89f48b462d6b1dfcc0a4"));
    }

    @Test
    @DisplayName("S1: BATCH cannot follow a log")
    void batch() {
        PipelineFile file = PipelineFile.of("source.example.com", "target.example.com");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(JobOptions.of(file.config()));
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        assertThatThrownBy(() -> ReplicationTopology.build(env, file.config(), FOUR_SLOTS))
                .hasMessageContaining(ExecutionOptions.RUNTIME_MODE.key());
    }

    private static JobGraph graph(PipelineFile file, Circumstances circumstances) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(JobOptions.of(file.config()));
        ReplicationTopology.build(env, file.config(), circumstances);
        return env.getStreamGraph().getJobGraph();
    }

    private static Map<String, Integer> parallelism(JobGraph graph) {
        return vertices(graph).stream().collect(Collectors.toMap(JobVertex::getName, JobVertex::getParallelism));
    }

    private static List<JobVertex> vertices(JobGraph graph) {
        return StreamSupport.stream(graph.getVertices().spliterator(), false).toList();
    }

    private static String serialized(Object value) {
        try {
            return new String(InstantiationUtil.serializeObject(value), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
