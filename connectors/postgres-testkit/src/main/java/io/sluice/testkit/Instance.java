package io.sluice.testkit;

import java.io.IOException;

/** How a server runs: it is stopped, killed and started again on its old data and port. */
sealed interface Instance extends AutoCloseable permits ProcessInstance, ContainerInstance {
    int port();

    void start() throws IOException;

    void stopFast() throws IOException;

    void stopImmediate() throws IOException;

    /** Returns when all of the server's processes are gone. */
    void kill9() throws IOException;

    /** Ends the server and deletes its data. */
    @Override
    void close();
}
