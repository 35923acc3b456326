package io.sluice.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jar that is given to {@code flink run}. */
class ClusterJarIT {
    @Test
    void holdsWhatAClusterLacksAndNothingOfFlink() throws Exception {
        try (JarFile jar = new JarFile(find().toFile())) {
            List<String> entries = jar.stream().map(Object::toString).toList();
            assertThat(entries)
                    .contains(
                            "io/sluice/job/ReplicationJob.class",
                            "io/sluice/flink/source/PostgresSource.class",
                            "io/sluice/postgres/change/ChangeBatch.class",
                            "org/postgresql/Driver.class",
                            "org/yaml/snakeyaml/Yaml.class")
                    .noneMatch(entry -> entry.startsWith("org/apache/flink/"))
                    .noneMatch(entry -> entry.startsWith("org/slf4j/"))
                    .noneMatch(entry -> entry.startsWith("io/sluice/testkit/"));
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(ReplicationJob.class.getName());
        }
    }

    private static Path find() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().endsWith("-cluster.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no -cluster.jar in target; package the module first"));
        }
    }
}
