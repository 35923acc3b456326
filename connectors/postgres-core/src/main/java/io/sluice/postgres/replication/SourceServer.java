package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;

/** What must be true of the server and the slot before a slot is read. Reads only. */
public final class SourceServer {
    private static final int OLDEST = 90400;
    private static final int WAL_NAMES_SINCE = 100000;

    /** First minor release without a bug that loses changes in logical decoding, by major version. */
    private static final Map<Integer, Integer> REPAIRED_IN =
            Map.of(904, 90421, 905, 90516, 906, 90612, 1000, 100007, 1100, 110002);

    private SourceServer() {}

    /** Which server, and on which timeline, a slot's positions belong to now; asked with IDENTIFY_SYSTEM. */
    public static Origin identify(ConnectionSettings settings, String application, SlotSession session)
            throws SQLException {
        PGConnection walsender = Connections.replication(settings, application);
        try (Connection connection = (Connection) walsender) {
            return identify(connection, session);
        }
    }

    /** @param walsender a replication connection */
    static Origin identify(Connection walsender, SlotSession session) throws SQLException {
        try (Statement statement = walsender.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new Origin(
                    row.getString("systemid"),
                    row.getInt("timeline"),
                    session.slot(),
                    session.plugin().pluginName());
        }
    }

    /** {@code server_version_num}: 180001 for 18.1, 90621 for 9.6.21. */
    public static int version(Connection connection) throws SQLException {
        return Integer.parseInt(setting(connection, "server_version_num"));
    }

    /** Up to where WAL has been written or is about to be: every commit that anybody sees lies below it. */
    public static Lsn insertPosition(Connection connection) throws SQLException {
        String function = version(connection) >= WAL_NAMES_SINCE
                ? "pg_current_wal_insert_lsn"
                : "pg_current_xlog_insert_location";
        return Lsn.parse(text(connection, "SELECT pg_catalog." + function + "()::text"));
    }

    /** What stands in the way of reading a slot, each with its remedy; empty when nothing does. */
    public static List<String> problems(Connection connection) throws SQLException {
        List<String> problems = new ArrayList<>();
        versionProblem(version(connection)).ifPresent(problems::add);
        if (text(connection, "SELECT pg_catalog.pg_is_in_recovery()::text").equals("true")) {
            problems.add("the server is a standby: connect to its primary");
        }
        String level = setting(connection, "wal_level");
        if (!level.equals("logical")) {
            problems.add(
                    "wal_level is " + level + ": run ALTER SYSTEM SET wal_level = 'logical' and restart the server");
        }
        if (text(connection, MAY_REPLICATE).equals("false")) {
            String role = text(connection, "SELECT pg_catalog.quote_ident(current_user::text)");
            problems.add("role " + role + " may not replicate: run ALTER ROLE " + role
                    + " REPLICATION (on Amazon RDS: GRANT rds_replication TO " + role + ")");
        }
        if (text(connection, FREE_WALSENDERS).equals("false")) {
            problems.add("all of max_wal_senders = " + setting(connection, "max_wal_senders")
                    + " are in use: run ALTER SYSTEM SET max_wal_senders to a larger number and restart the server");
        }
        return problems;
    }

    /** What stands in the way of creating one more slot, beyond {@link #problems}. */
    public static List<String> creationProblems(Connection connection) throws SQLException {
        int slots = Integer.parseInt(setting(connection, "max_replication_slots"));
        int used = Integer.parseInt(
                text(connection, "SELECT pg_catalog.count(*)::text FROM pg_catalog.pg_replication_slots"));
        return used < slots
                ? List.of()
                : List.of("all of max_replication_slots = " + slots + " exist already: drop one that nobody reads"
                        + " (SELECT pg_drop_replication_slot('...')), or run ALTER SYSTEM SET max_replication_slots"
                        + " to a larger number and restart the server");
    }

    /** Why this slot cannot be read now from a connection to {@code database}; empty when it can. */
    public static List<String> slotProblems(SlotStatus slot, String database) {
        List<String> problems = new ArrayList<>(unreadable(slot, database));
        if (slot.active()) {
            problems.add("slot " + slot.name() + " is being read: stop its reader (pg_stat_replication shows it)");
        }
        return problems;
    }

    /** What does not pass by waiting. */
    static List<String> unreadable(SlotStatus slot, String database) {
        List<String> problems = new ArrayList<>();
        if (!slot.database().equals(database)) {
            problems.add("slot " + slot.name() + " belongs to database " + slot.database() + ", the connection is to "
                    + database + ": choose another slot name, or connect to " + slot.database());
        }
        if (Plugin.named(slot.plugin()).isEmpty()) {
            problems.add("slot " + slot.name() + " has plugin " + slot.plugin()
                    + ", only pgoutput and wal2json can be read: choose another slot name");
        }
        if (slot.lost()) {
            problems.add("slot " + slot.name() + " is lost: the server has removed WAL or rows that it needs, because"
                    + " it lagged more than max_slot_wal_keep_size, was idle too long or wal_level was lowered; drop"
                    + " it (SELECT pg_drop_replication_slot('" + slot.name() + "')), raise the limit, start anew and"
                    + " copy the tables again");
        }
        if (slot.temporary()) {
            problems.add("slot " + slot.name() + " is temporary and ends with the session that made it: choose another"
                    + " slot name");
        }
        return problems;
    }

    static Optional<String> versionProblem(int version) {
        if (version < OLDEST) {
            return Optional.of("server version " + printed(version) + " is too old: upgrade to 9.4 or newer");
        }
        Integer repaired = REPAIRED_IN.get(version >= WAL_NAMES_SINCE ? version / 10000 * 100 : version / 100);
        return repaired == null || version >= repaired
                ? Optional.empty()
                : Optional.of("server version " + printed(version)
                        + " has a bug that loses changes of a slot: upgrade to " + printed(repaired) + " or newer");
    }

    private static String printed(int version) {
        return version >= WAL_NAMES_SINCE
                ? version / 10000 + "." + version % 10000
                : version / 10000 + "." + version / 100 % 100 + "." + version % 100;
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return text(connection, "SELECT pg_catalog.current_setting('" + name + "')");
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Managed servers lend the attribute through a role. */
    private static final String MAY_REPLICATE = """
            SELECT (r.rolreplication OR r.rolsuper OR EXISTS (
                SELECT FROM pg_catalog.pg_roles m
                WHERE m.rolname = 'rds_replication' AND pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER')))::text
            FROM pg_catalog.pg_roles r
            WHERE r.rolname = current_user
            """;

    /** A walsender of our own application name is a former reader, which makes room. */
    private static final String FREE_WALSENDERS = """
            SELECT (pg_catalog.count(*) < pg_catalog.current_setting('max_wal_senders')::int)::text
            FROM pg_catalog.pg_stat_replication
            WHERE application_name <> pg_catalog.current_setting('application_name')
            """;
}
