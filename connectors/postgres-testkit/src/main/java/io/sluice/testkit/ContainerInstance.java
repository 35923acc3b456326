package io.sluice.testkit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A server in a container, reached on loopback only. */
final class ContainerInstance implements Instance {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int INSIDE = 5432;

    private final PostgreSQLContainer container;
    private final int port;

    private ContainerInstance(PostgreSQLContainer container, int port) {
        this.container = container;
        this.port = port;
    }

    static boolean engineAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    static ContainerInstance start(String image, Map<String, String> settings) throws IOException {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of("postgres"));
        ServerSettings.complete(settings).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        // A port of our own: one that the engine chooses changes with every restart, and is open to the network.
        PortBinding binding = new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), ExposedPort.tcp(INSIDE));
        PostgreSQLContainer container = new PostgreSQLContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withDatabaseName("postgres")
                .withUsername(PostgresServer.USER)
                .withPassword(PostgresServer.PASSWORD)
                .withCreateContainerCmdModifier(create -> create.getHostConfig().withPortBindings(binding));
        container.setCommand(command.toArray(String[]::new));
        container.start();
        return new ContainerInstance(container, port);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        client().startContainerCmd(container.getContainerId()).exec();
        Await.until(PATIENCE, "the container's server to take connections", () -> {
            container.createConnection("").close();
            return true;
        });
    }

    @Override
    public void stopFast() {
        signal("SIGINT");
    }

    @Override
    public void stopImmediate() {
        signal("SIGQUIT");
    }

    @Override
    public void kill9() {
        signal("SIGKILL");
    }

    @Override
    public void close() {
        container.stop();
    }

    private void signal(String name) {
        client().killContainerCmd(container.getContainerId()).withSignal(name).exec();
        Await.until(
                PATIENCE,
                "the container to end after " + name,
                () -> !Boolean.TRUE.equals(client().inspectContainerCmd(container.getContainerId())
                        .exec()
                        .getState()
                        .getRunning()));
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }
}
