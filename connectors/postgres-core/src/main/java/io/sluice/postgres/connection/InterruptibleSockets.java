package io.sluice.postgres.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/**
 * Sockets that an interrupt closes. A thread that waits for a server in a plain socket hears no interrupt: a statement
 * that waits for a lock would hold its task until Flink gives up and ends the whole TaskManager (RULES S4).
 *
 * <p>Public because the driver makes it by its name.
 */
public final class InterruptibleSockets extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
        return SocketChannel.open().socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(host, port)).socket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(local, localPort)).connect(new InetSocketAddress(host, port));
            return channel.socket();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A driver that a parent class loader has, as in a cluster's lib folder, does not see classes of a job's jar. */
    static boolean seenBy(Class<?> driver) {
        try {
            return Class.forName(InterruptibleSockets.class.getName(), false, driver.getClassLoader())
                    == InterruptibleSockets.class;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
