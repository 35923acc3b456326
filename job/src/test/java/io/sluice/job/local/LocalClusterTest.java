package io.sluice.job.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LocalClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @DisplayName("S23: every port of the cluster is on loopback, also when the options ask for all interfaces")
    void listensOnLoopbackOnly() throws Exception {
        Configuration open = new Configuration();
        open.set(RestOptions.BIND_ADDRESS, "0.0.0.0");
        open.setString("jobmanager.bind-host", "0.0.0.0");
        open.setString("taskmanager.bind-host", "0.0.0.0");
        Set<String> before = listening();

        try (LocalCluster cluster = LocalCluster.start(open, 1)) {
            Set<String> opened = new TreeSet<>(listening());
            opened.removeAll(before);

            assertThat(opened).as("ports that the cluster listens on").isNotEmpty();
            assertThat(opened)
                    .allMatch(address ->
                            address.startsWith("0100007F:") || address.startsWith("0000000000000000FFFF00000100007F:"));
            assertThat(cluster.webInterface().getHost()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    @DisplayName("S23: jobs can be neither submitted nor cancelled through the web interface")
    void webInterfaceOnlyShows() {
        Configuration open = new Configuration();
        open.set(WebOptions.SUBMIT_ENABLE, true);
        open.set(WebOptions.CANCEL_ENABLE, true);

        Configuration local = LocalCluster.onLoopback(open);

        assertThat(local.get(WebOptions.SUBMIT_ENABLE)).isFalse();
        assertThat(local.get(WebOptions.CANCEL_ENABLE)).isFalse();
    }

    @Test
    void portOfTheWebInterfaceCanBeChosen() {
        Configuration options = new Configuration();
        options.set(RestOptions.PORT, 18081);

        assertThat(LocalCluster.onLoopback(options).get(RestOptions.BIND_PORT)).isEqualTo("18081");
        assertThat(LocalCluster.onLoopback(new Configuration()).get(RestOptions.BIND_PORT))
                .isEqualTo("0");
    }

    @Test
    void jobEndsAsFinishedFailedOrCanceled() throws Exception {
        try (LocalCluster cluster = LocalCluster.start(new Configuration(), 1)) {
            assertThat(cluster.submit(counting(10, Long.MAX_VALUE).getStreamGraph())
                            .await(PATIENCE))
                    .containsInstanceOf(Outcome.Finished.class);

            Outcome failed = cluster.submit(counting(10, 3).getStreamGraph())
                    .await(PATIENCE)
                    .orElseThrow();
            assertThat(failed).isInstanceOfSatisfying(Outcome.Failed.class, f -> assertThat(f.reason())
                    .hasStackTraceContaining("met 3"));

            LocalJob endless =
                    cluster.submit(counting(Long.MAX_VALUE, Long.MAX_VALUE).getStreamGraph());
            endless.cancel(PATIENCE);
            assertThat(endless.await(PATIENCE)).containsInstanceOf(Outcome.Canceled.class);
        }
    }

    private static StreamExecutionEnvironment counting(long upTo, long failsAt) {
        Configuration once = new Configuration();
        once.setString("restart-strategy.type", "none");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(once);
        environment.setParallelism(1);
        environment
                .fromSequence(0, upTo)
                .map(number -> {
                    if (number == failsAt) {
                        throw new IllegalStateException("met " + number);
                    }
                    return number;
                })
                .sinkTo(new DiscardingSink<>());
        return environment;
    }

    /** Local addresses, in the kernel's hexadecimal, of this process's listening TCP sockets. */
    private static Set<String> listening() throws IOException {
        Set<String> own = ownSockets();
        Set<String> addresses = new TreeSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.trim().split("\\s+");
                if (fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]")) {
                    addresses.add(fields[1]);
                }
            }
        }
        return addresses;
    }

    private static Set<String> ownSockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(Files::isSymbolicLink)
                    .map(LocalClusterTest::linked)
                    .collect(Collectors.toSet());
        }
    }

    /** Empty for a descriptor that was closed meanwhile. */
    private static String linked(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
