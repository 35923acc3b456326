package io.sluice.postgres.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Opens connections whose sessions do not depend on what a server, database or role has set: the settings that change
 * how values read, that end sessions, or that hide rows are pinned on every one of them.
 */
public final class Connections {
    /**
     * Values read the same on both sides (facts on bytea_output and DateStyle); no time-out ends a long read or an idle
     * holder; row security is an error, not a filter (RULES S14); a dead peer is noticed within minutes and does not
     * hold a slot for hours (RULES S13).
     */
    private static final String PINNED = String.join(
            " ",
            "-c datestyle=ISO",
            "-c intervalstyle=postgres",
            "-c timezone=UTC",
            "-c extra_float_digits=3",
            "-c bytea_output=hex",
            "-c xmloption=content",
            "-c row_security=off",
            "-c synchronize_seqscans=off",
            "-c statement_timeout=0",
            "-c lock_timeout=0",
            "-c tcp_keepalives_idle=30",
            "-c tcp_keepalives_interval=10",
            "-c tcp_keepalives_count=3");

    /** Pinned as well, but a server that does not know a setting refuses the whole connection; so after connecting. */
    private static final List<Younger> PINNED_SINCE = List.of(
            new Younger(906, "idle_in_transaction_session_timeout", "0"),
            new Younger(1200, "tcp_user_timeout", "60s"),
            new Younger(1400, "idle_session_timeout", "0"),
            new Younger(1700, "transaction_timeout", "0"));

    /** A walsender session takes no SQL before this version. */
    private static final int WALSENDER_TAKES_SQL = 1000;

    private Connections() {}

    /**
     * A connection for queries, in auto-commit mode.
     *
     * @param application shown as {@code application_name}; cut to 63 bytes by the server
     * @throws SQLException with the driver's SQLSTATE; its message names no row values (RULES S24)
     */
    public static Connection query(ConnectionSettings settings, String application) throws SQLException {
        Connection connection = dataSource(settings, application).getConnection();
        return pinned(connection, 0, Map.of());
    }

    /**
     * A connection for writing what nobody can send again once it is reported as written: its commits are on disk when
     * they return, whatever the role's or the server's {@code synchronous_commit} says. An interrupt of the thread that
     * uses it closes it.
     */
    public static Connection durable(ConnectionSettings settings, String application) throws SQLException {
        PGSimpleDataSource source = dataSource(settings, application);
        if (InterruptibleSockets.seenBy(PGSimpleDataSource.class)) {
            source.setSocketFactory(InterruptibleSockets.class.getName());
        }
        Connection connection = pinned(source.getConnection(), 0, Map.of());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_catalog.set_config('synchronous_commit', 'on', false)"
                    + " WHERE pg_catalog.current_setting('synchronous_commit') = 'off'");
            return connection;
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }

    /** A walsender session with the pinned settings: takes replication commands and simple queries. */
    public static PGConnection replication(ConnectionSettings settings, String application) throws SQLException {
        return replication(settings, application, Map.of());
    }

    /**
     * A walsender session: takes replication commands and simple queries.
     *
     * @param more settings of this session by name, which the server has to know
     */
    public static PGConnection replication(ConnectionSettings settings, String application, Map<String, String> more)
            throws SQLException {
        PGSimpleDataSource source = dataSource(settings, application);
        source.setProperty(PGProperty.REPLICATION, "database");
        source.setPreferQueryMode(PreferQueryMode.SIMPLE);
        source.setAssumeMinServerVersion("9.4");
        return pinned(source.getConnection(), WALSENDER_TAKES_SQL, more).unwrap(PGConnection.class);
    }

    private static Connection pinned(Connection connection, int takesSqlSince, Map<String, String> more)
            throws SQLException {
        try {
            int version = connection.getMetaData().getDatabaseMajorVersion() * 100
                    + (connection.getMetaData().getDatabaseMajorVersion() < 10
                            ? connection.getMetaData().getDatabaseMinorVersion()
                            : 0);
            List<String> commands = new ArrayList<>();
            for (Younger setting : PINNED_SINCE) {
                if (version >= Math.max(setting.since, takesSqlSince)) {
                    commands.add("SET " + setting.name + " = '" + setting.value + "'");
                }
            }
            more.forEach((name, value) -> commands.add("SET " + name + " = '" + value + "'"));
            if (!commands.isEmpty()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(String.join("; ", commands));
                }
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private static PGSimpleDataSource dataSource(ConnectionSettings settings, String application) throws SQLException {
        // Not DriverManager: in a session cluster its registry would keep a job's class loader alive (RULES M14).
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(
                new String[] {Reference.resolve(settings.endpoint().host())});
        source.setPortNumbers(new int[] {settings.endpoint().port()});
        source.setDatabaseName(Reference.resolve(settings.endpoint().database()));
        source.setUser(Reference.resolve(settings.username()));
        source.setPassword(settings.password().resolve());
        source.setApplicationName(application);
        int seconds = (int) Math.max(0, settings.connectTimeout().toSeconds());
        source.setConnectTimeout(seconds);
        source.setLoginTimeout(seconds);
        source.setTcpKeepAlive(true);
        source.setLogServerErrorDetail(false);
        source.setOptions(PINNED);
        return source;
    }

    /** @param since major version times 100, plus the second number before version 10 */
    private record Younger(int since, String name, String value) {}
}
