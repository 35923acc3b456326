package io.sluice.testkit;

import io.sluice.testkit.TcpProxy.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** One client's connection through a {@link TcpProxy}, with a thread for each direction. */
final class ProxyLink {
    /** Bytes kept of what has passed: a pattern may come in two pieces. */
    static final int CARRIED = 256;

    private static final int READ = 64 << 10;
    private static final int CONNECT_MILLIS = 10_000;

    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final AtomicInteger running = new AtomicInteger(2);
    /** Held while a trigger fires, and for each delivery to the client. */
    private final Object gate = new Object();

    ProxyLink(TcpProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    void open(InetSocketAddress address) {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(address, CONNECT_MILLIS);
        } catch (IOException e) {
            // The client learns that the server is not there as it would from the server's host: by a reset.
            cut();
            return;
        }
        daemon("proxy-to-server", () -> pump(Direction.TO_SERVER, client, server));
        daemon("proxy-to-client", () -> pump(Direction.TO_CLIENT, server, client));
    }

    void cut() {
        reset(client);
        reset(server);
        proxy.ended(this);
    }

    /** Cuts a connection whose end could not be passed on when it came. */
    void cutIfEnded() {
        if (running.get() < 2) {
            cut();
        }
    }

    private void pump(Direction direction, Socket from, Socket to) {
        try {
            byte[] buffer = new byte[CARRIED + READ];
            int carried = 0;
            for (int n = from.getInputStream().read(buffer, 0, READ);
                    n >= 0;
                    n = from.getInputStream().read(buffer, carried, READ)) {
                int end = carried + n;
                if (direction == Direction.TO_SERVER) {
                    toServer(to.getOutputStream(), buffer, carried, end);
                } else {
                    toClient(to.getOutputStream(), buffer, carried, end);
                }
                carried = Math.min(CARRIED, end);
                System.arraycopy(buffer, end - carried, buffer, 0, carried);
            }
            proxy.awaitFlow();
            if (!proxy.swallows(direction)) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // One side is gone: so is the connection, as far as the network lets anybody know.
            if (!proxy.swallows(Direction.TO_CLIENT)) {
                reset(client);
            }
            if (!proxy.swallows(Direction.TO_SERVER)) {
                reset(server);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cut();
        } finally {
            // While bytes are swallowed the survivor must not learn that its peer has ended.
            if (running.decrementAndGet() == 0 && !proxy.swallowsAny()) {
                closeBoth();
            }
        }
    }

    /** Not by reset, which would throw away what the sockets have not sent yet. */
    private void closeBoth() {
        try (client;
                server) {
            proxy.ended(this);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a connection of the proxy", e);
        }
    }

    private void toServer(OutputStream out, byte[] buffer, int from, int to) throws IOException, InterruptedException {
        int at = from;
        while (at < to) {
            proxy.awaitFlow();
            if (proxy.swallows(Direction.TO_SERVER)) {
                return;
            }
            ProxyTrigger next = null;
            int stop = to;
            for (ProxyTrigger trigger : proxy.triggers()) {
                int place = trigger.place(buffer, at, to);
                if (place >= 0 && (next == null || place < stop)) {
                    next = trigger;
                    stop = place;
                }
            }
            // Before they go: a trigger that is set when they have arrived must not count them.
            for (ProxyTrigger trigger : proxy.triggers()) {
                trigger.passed(stop - at);
            }
            if (next == null) {
                out.write(buffer, at, stop - at);
            } else {
                fire(next, out, buffer, at, stop);
            }
            at = stop;
        }
    }

    private void fire(ProxyTrigger trigger, OutputStream out, byte[] buffer, int from, int to) throws IOException {
        synchronized (gate) {
            out.write(buffer, from, to - from);
            proxy.fire(trigger);
        }
    }

    private void toClient(OutputStream out, byte[] buffer, int from, int to) throws IOException, InterruptedException {
        while (true) {
            proxy.awaitFlow();
            synchronized (gate) {
                // Again: a trigger may have stalled the proxy while its gate was closed.
                if (proxy.stalled()) {
                    continue;
                }
                if (!proxy.swallows(Direction.TO_CLIENT)) {
                    out.write(buffer, from, to - from);
                }
                return;
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // closed already, by the other direction's thread or by its peer
        }
    }
}
