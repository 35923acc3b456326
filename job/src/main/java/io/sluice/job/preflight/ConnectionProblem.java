package io.sluice.job.preflight;

import io.sluice.job.config.ConnectionConfig;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why a connection was not opened, and what to do. */
final class ConnectionProblem {
    private ConnectionProblem() {}

    /** @param side {@code source} or {@code target}: the section of the file */
    static Finding of(String side, ConnectionConfig connection, Exception failure) {
        String where = side + " " + connection.name() + " (" + connection.endpoint() + "): ";
        if (failure instanceof SQLException e) {
            return ofServer(side, where, connection, e);
        }
        return Finding.error(where + failure.getMessage(), "nothing was connected");
    }

    private static Finding ofServer(String side, String where, ConnectionConfig connection, SQLException e) {
        String user = "\"" + connection.credentials().username() + "\"";
        String database = "\"" + connection.database() + "\"";
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "28P01" ->
                Finding.error(
                        where + "the server refused user " + user + " with this password",
                        "check " + side + ".username and " + side + ".password");
            case "28000" ->
                Finding.error(
                        where + "the server lets user " + user + " not in: " + e.getMessage(),
                        "create the role with LOGIN, or add a line for it to the server's pg_hba.conf");
            case "3D000" ->
                Finding.error(
                        where + "there is no database " + database,
                        "check " + side + ".database-name, which is case-sensitive, or create the database");
            case "53300" ->
                Finding.error(
                        where + "all of the server's connections are taken",
                        "raise max_connections, or end sessions that nobody needs");
            case "57P03" ->
                Finding.error(where + "the server is starting up or shutting down", "try again in a moment");
            case "08001", "08004", "08006" -> Finding.error(where + unreachable(e), remedyOfUnreachable(side, e));
            default ->
                Finding.error(
                        where + "connecting failed: " + e.getMessage(),
                        "check the keys of section " + side + " (SQLSTATE " + state + ")");
        };
    }

    private static String unreachable(SQLException e) {
        if (causedBy(UnknownHostException.class, e) != null) {
            return "the name of the host is not known";
        }
        if (causedBy(SocketTimeoutException.class, e) != null) {
            return "the server did not answer in time";
        }
        Throwable cause = e.getCause();
        return "the server cannot be reached: " + (cause == null ? e.getMessage() : cause.getMessage());
    }

    private static String remedyOfUnreachable(String side, SQLException e) {
        return causedBy(UnknownHostException.class, e) == null
                ? "check " + side + ".host and " + side
                        + ".port, that the server listens there (listen_addresses), and the firewalls between"
                : "check " + side + ".host";
    }

    private static @Nullable Throwable causedBy(Class<? extends Throwable> type, Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !type.isInstance(cause)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
