package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TcpProxyTest {
    private static final int SILENCE_MILLIS = 150;

    private ServerSocket listener;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = TcpProxy.to("127.0.0.1", listener.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        listener.close();
    }

    @Test
    void passesBytesAndEndsOnBothWays() throws IOException {
        try (Pair pair = new Pair()) {
            pair.send(pair.client, "ping");
            assertThat(pair.receive(pair.server, 4)).isEqualTo("ping");
            byte[] much = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            Thread writer = new Thread(() -> pair.send(pair.server, much));
            writer.start();
            pair.client.shutdownOutput();
            assertThat(pair.server.getInputStream().read()).isEqualTo(-1);
            assertThat(pair.client.getInputStream().readNBytes(much.length)).isEqualTo(much);
            pair.server.close();
            assertThat(pair.client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void cutResetsBothSides() throws IOException {
        try (Pair pair = new Pair()) {
            proxy.cut();
            assertThatThrownBy(() -> pair.client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            assertThatThrownBy(() -> pair.server.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        try (Pair next = new Pair()) {
            next.send(next.client, "again");
            assertThat(next.receive(next.server, 5)).isEqualTo("again");
        }
    }

    @Test
    void stallHoldsBytesAndTheEndUntilResume() throws IOException {
        proxy.stall();
        try (Pair pair = new Pair()) {
            pair.send(pair.client, "held");
            pair.client.shutdownOutput();
            assertSilent(pair.server);
            proxy.resume();
            assertThat(pair.receive(pair.server, 4)).isEqualTo("held");
            assertThat(pair.server.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void halfOpenSwallowsOneDirectionAndItsEnd() throws IOException {
        try (Pair pair = new Pair()) {
            proxy.halfOpen(TcpProxy.Direction.TO_CLIENT);
            pair.send(pair.server, "lost");
            pair.send(pair.client, "kept");
            assertThat(pair.receive(pair.server, 4)).isEqualTo("kept");
            pair.server.close();
            assertSilent(pair.client);
            proxy.resume();
            assertThatThrownBy(() -> pair.client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusesAndAcceptsOnTheSamePort() throws IOException {
        try (Pair open = new Pair()) {
            proxy.refuse();
            assertThatThrownBy(() -> new Socket("127.0.0.1", proxy.port()).close())
                    .isInstanceOf(ConnectException.class);
            open.send(open.client, "on");
            assertThat(open.receive(open.server, 2)).isEqualTo("on");
        }
        proxy.accept();
        try (Pair again = new Pair()) {
            again.send(again.client, "back");
            assertThat(again.receive(again.server, 4)).isEqualTo("back");
        }
    }

    @Test
    void serverThatIsNotThereResetsTheClient() throws IOException {
        listener.close();
        try (Socket client = new Socket("127.0.0.1", proxy.port())) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void afterBytesToServerActsAtExactlyThatByte() throws IOException {
        try (Pair pair = new Pair()) {
            pair.send(pair.client, "12");
            assertThat(pair.receive(pair.server, 2)).isEqualTo("12");
            proxy.afterBytesToServer(3, proxy::stall);
            pair.send(pair.client, "3456789");
            assertThat(pair.receive(pair.server, 3)).isEqualTo("345");
            assertSilent(pair.server);
            proxy.resume();
            assertThat(pair.receive(pair.server, 4)).isEqualTo("6789");
        }
    }

    @Test
    void onTextFindsAPatternThatComesInPieces() throws IOException {
        AtomicInteger fired = new AtomicInteger();
        try (Pair pair = new Pair()) {
            proxy.onText("COMMIT", fired::incrementAndGet);
            pair.send(pair.client, "x COM");
            assertThat(pair.receive(pair.server, 5)).isEqualTo("x COM");
            assertThat(fired).hasValue(0);
            pair.send(pair.client, "MIT; COMMIT");
            assertThat(pair.receive(pair.server, 11)).isEqualTo("MIT; COMMIT");
            Await.until(Duration.ofSeconds(10), "the action", () -> fired.get() == 1);
            pair.send(pair.client, "COMMIT");
            assertThat(pair.receive(pair.server, 6)).isEqualTo("COMMIT");
            assertThat(fired).hasValue(1);
        }
    }

    @Test
    void whatAnActionThrowsComesOutOfClose() throws IOException {
        TcpProxy other = TcpProxy.to("127.0.0.1", listener.getLocalPort());
        other.afterBytesToServer(1, () -> {
            throw new IllegalStateException("broken action");
        });
        try (Socket client = new Socket("127.0.0.1", other.port())) {
            client.getOutputStream().write('x');
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(other::close).hasMessage("broken action");
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(0);
    }

    /** A client and, through the proxy, its server. */
    private final class Pair implements AutoCloseable {
        private final Socket client = new Socket("127.0.0.1", proxy.port());
        private final Socket server = listener.accept();

        private Pair() throws IOException {}

        void send(Socket from, String text) {
            send(from, text.getBytes(StandardCharsets.US_ASCII));
        }

        void send(Socket from, byte[] bytes) {
            try {
                from.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new IllegalStateException("the proxy's peer took no bytes", e);
            }
        }

        String receive(Socket at, int length) throws IOException {
            return new String(at.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
