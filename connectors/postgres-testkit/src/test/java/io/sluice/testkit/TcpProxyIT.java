package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.postgresql.ds.PGSimpleDataSource;

class TcpProxyIT {
    @Postgres
    private static PostgresServer server;

    @RepeatedTest(5)
    void transactionIsCommittedAndItsClientDoesNotKnow() throws Exception {
        String database = server.createDatabase();
        server.execute(database, "create table t(id int)");
        try (TcpProxy proxy = TcpProxy.to(server.host(), server.port());
                Connection connection = through(proxy, database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into t values (1)");
            proxy.onText("COMMIT", proxy::cut);
            assertThatThrownBy(connection::commit)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));
        }
        Await.until(Duration.ofSeconds(10), "the commit", () -> server.query(database, "select id from t")
                .equals(List.of(List.of("1"))));
    }

    private static Connection through(TcpProxy proxy, String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {proxy.port()});
        source.setDatabaseName(database);
        source.setUser(PostgresServer.USER);
        source.setPassword(PostgresServer.PASSWORD);
        return source.getConnection();
    }
}
