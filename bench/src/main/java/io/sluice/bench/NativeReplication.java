package io.sluice.bench;

import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** PostgreSQL's own: CREATE PUBLICATION and CREATE SUBSCRIPTION with the defaults of its version. */
final class NativeReplication implements Contender {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Servers servers;
    private final String options;
    private final String name;
    private Connection target;

    /** @param options of the subscription beside its slot, such as {@code binary = true}; empty for the defaults */
    NativeReplication(Servers servers, String options, int run) {
        this.servers = servers;
        this.options = options;
        this.name = "native_" + run;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public void prepare(String targetDatabase) throws SQLException {
        servers.target().execute(targetDatabase, Accounts.DDL.toArray(String[]::new));
        servers.source().execute(Accounts.DATABASE, "CREATE PUBLICATION " + name + " FOR TABLE acc, marker");
        target = servers.target().connect(targetDatabase);
    }

    @Override
    public void start() throws SQLException {
        PostgresServer source = servers.source();
        execute("CREATE SUBSCRIPTION " + name + " CONNECTION 'host=" + source.host() + " port=" + source.port()
                + " dbname=" + Accounts.DATABASE + " user=" + PostgresServer.USER + " password="
                + PostgresServer.PASSWORD + "' PUBLICATION " + name
                + (options.isEmpty() ? "" : " WITH (" + options + ")"));
    }

    /** State f: the copy is committed; the stream catches up from there. */
    @Override
    public boolean copied() throws SQLException {
        return isTrue("SELECT count(*) = 2 FROM pg_subscription_rel WHERE srsubstate IN ('f', 's', 'r')");
    }

    @Override
    public void pause() throws SQLException {
        Await.until(
                PATIENCE,
                "the subscription's tables to be ready",
                () -> isTrue("SELECT count(*) = 2 FROM pg_subscription_rel WHERE srsubstate = 'r'"));
        execute("ALTER SUBSCRIPTION " + name + " DISABLE");
        Await.until(PATIENCE, "the subscription's slot to be free", () -> servers.source()
                .query(
                        Accounts.DATABASE,
                        "SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = '" + name + "'")
                .isEmpty());
    }

    @Override
    public void resume() throws SQLException {
        execute("ALTER SUBSCRIPTION " + name + " ENABLE");
    }

    @Override
    public void close() throws SQLException {
        execute("DROP SUBSCRIPTION " + name);
        target.close();
        servers.source().execute(Accounts.DATABASE, "DROP PUBLICATION " + name);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean isTrue(String sql) throws SQLException {
        try (Statement statement = target.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
