package io.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stands on loopback between a client and a server, and breaks the network between them on command. Safe for use by
 * several threads.
 */
public final class TcpProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    private final InetSocketAddress server;
    private final InetSocketAddress front;
    private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
    private final List<ProxyTrigger> triggers = new CopyOnWriteArrayList<>();

    private volatile boolean closed;
    private @Nullable ServerSocket listener;
    private @Nullable Socket placeholder;
    private boolean stalled;
    private @Nullable Direction swallowed;
    private @Nullable RuntimeException failure;

    private TcpProxy(InetSocketAddress server) throws IOException {
        this.server = server;
        ServerSocket first = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.listener = first;
        this.front = (InetSocketAddress) first.getLocalSocketAddress();
    }

    /** A proxy that passes everything on, until it is told otherwise. */
    public static TcpProxy to(String host, int port) {
        try {
            TcpProxy proxy = new TcpProxy(new InetSocketAddress(host, port));
            proxy.acceptOn(proxy.listener);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on loopback", e);
        }
    }

    public int port() {
        return front.getPort();
    }

    /** Closes all connections with RST to both sides; what the proxy has not passed on is lost. */
    public void cut() {
        links.forEach(ProxyLink::cut);
    }

    /** Holds all bytes, both ways, until {@link #resume}; connections are accepted and stay open. */
    public synchronized void stall() {
        stalled = true;
    }

    /**
     * Throws away what comes in one direction, the end of the connection too: to the receiver its peer is silent, not
     * gone, as when a host is lost. {@link #resume} ends it; bytes swallowed meanwhile do not come back, and
     * connections that have ended meanwhile are cut.
     */
    public synchronized void halfOpen(Direction lost) {
        swallowed = lost;
    }

    /** Ends {@link #stall} and {@link #halfOpen}. */
    public void resume() {
        synchronized (this) {
            stalled = false;
            swallowed = null;
            notifyAll();
        }
        links.forEach(ProxyLink::cutIfEnded);
    }

    /** New connections are refused, as by a host on which nobody listens; open ones stay. */
    public synchronized void refuse() {
        if (listener == null) {
            return;
        }
        try {
            listener.close();
            listener = null;
            // Bound and not listening: refuses connections, and keeps the port from being given to somebody else.
            Socket bound = new Socket();
            placeholder = bound;
            bound.setReuseAddress(true);
            bound.bind(front);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot refuse connections on port " + port(), e);
        }
    }

    /** Ends {@link #refuse}. */
    public synchronized void accept() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocket again = listen(front);
            listener = again;
            if (placeholder != null) {
                placeholder.close();
                placeholder = null;
            }
            acceptOn(again);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot accept connections on port " + port(), e);
        }
    }

    /**
     * Runs an action once, as soon as {@code count} more bytes have gone to the server, over all connections: not one
     * more goes before the action has returned, and on that connection no answer reaches the client before.
     */
    public void afterBytesToServer(long count, Runnable action) {
        triggers.add(ProxyTrigger.afterBytes(count, action));
    }

    /**
     * Runs an action once, when the pattern and what the client wrote together with it (the rest of its protocol
     * messages) have gone to the server. No answer reaches the client on that connection before the action has
     * returned: a {@link #cut} after "COMMIT" leaves a transaction that is committed and a client that can not know.
     */
    public void onText(byte[] pattern, Runnable action) {
        triggers.add(ProxyTrigger.onText(pattern, action));
    }

    /** @see #onText(byte[], Runnable) */
    public void onText(String pattern, Runnable action) {
        onText(pattern.getBytes(StandardCharsets.UTF_8), action);
    }

    /** Cuts all connections and stops listening. Throws what a trigger's action has thrown. */
    @Override
    public void close() {
        RuntimeException thrown;
        synchronized (this) {
            closed = true;
            try {
                if (listener != null) {
                    listener.close();
                }
                if (placeholder != null) {
                    placeholder.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close port " + port(), e);
            }
            thrown = failure;
        }
        cut();
        resume();
        if (thrown != null) {
            throw thrown;
        }
    }

    List<ProxyTrigger> triggers() {
        return triggers;
    }

    void fire(ProxyTrigger trigger) {
        // Removed first: only one of several connections runs it.
        if (triggers.remove(trigger)) {
            try {
                trigger.action().run();
            } catch (RuntimeException e) {
                synchronized (this) {
                    failure = e;
                }
                cut();
            }
        }
    }

    void ended(ProxyLink link) {
        links.remove(link);
    }

    synchronized boolean swallows(Direction direction) {
        return swallowed == direction;
    }

    synchronized boolean swallowsAny() {
        return swallowed != null;
    }

    synchronized boolean stalled() {
        return stalled;
    }

    synchronized void awaitFlow() throws InterruptedException {
        while (stalled) {
            wait();
        }
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(address, 50);
        return socket;
    }

    private void acceptOn(@Nullable ServerSocket socket) {
        if (socket != null) {
            ProxyLink.daemon("proxy-accept-" + port(), () -> acceptAll(socket));
        }
    }

    private void acceptAll(ServerSocket socket) {
        while (true) {
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException e) {
                return; // the listener was closed
            }
            ProxyLink link = new ProxyLink(this, client);
            links.add(link);
            link.open(server);
            if (closed) {
                link.cut();
            }
        }
    }
}
