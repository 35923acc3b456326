package io.sluice.job.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.verify.TableComparison.Result;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableComparisonIT {
    private static final TableName TABLE = new TableName("public", "t");
    private static final TableName COPY = new TableName("copy", "t");
    private static PostgresServer server;

    private String database;

    @BeforeAll
    static void start() {
        server = PostgresServer.quick(16);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeDatabase() throws SQLException {
        database = server.createDatabase();
        server.execute(database, "CREATE SCHEMA copy");
    }

    @Test
    void copyWithFurtherColumnsInAnotherOrderIsIdentical() throws SQLException {
        execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                "INSERT INTO t VALUES (1, 'a,b'), (2, NULL), (3, '')",
                "CREATE TABLE copy.t (seen timestamptz, name text, id int)",
                "INSERT INTO copy.t SELECT now(), name, id FROM t ORDER BY id DESC");

        Result result = compare();

        assertThat(result.identical()).isTrue();
        assertThat(result.rows()).isEqualTo(3);
    }

    @Test
    void missingSurplusAndChangedRowsAreNamedByTheirKeys() throws SQLException {
        execute(
                "CREATE TABLE t (id int, part text, v int, PRIMARY KEY (id, part))",
                "INSERT INTO t SELECT i, 'p', i FROM generate_series(1, 30000) i",
                "CREATE TABLE copy.t AS SELECT * FROM t",
                "DELETE FROM copy.t WHERE id = 7",
                "UPDATE copy.t SET v = 0 WHERE id = 21000",
                "INSERT INTO copy.t VALUES (30001, 'ü', 1), (30002, '\uD83D\uDE00', 1)");

        Result result = compare();

        assertThat(result.differences()).isEqualTo(4);
        assertThat(result.examples())
                .extracting(Difference::toString)
                .containsExactlyInAnyOrder(
                        "(7,p) is missing in the target",
                        "(21000,p) is different in the target",
                        "(30001,ü) is only in the target",
                        "(30002,\uD83D\uDE00) is only in the target");
    }

    @Test
    void nullIsNotAnEmptyText() throws SQLException {
        execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text)",
                "INSERT INTO t VALUES (1, NULL)",
                "CREATE TABLE copy.t AS SELECT id, ''::text AS name FROM t");

        assertThat(compare().examples()).extracting(Difference::kind).containsExactly(Difference.Kind.CHANGED);
    }

    @Test
    void rowsWithoutKeyAreCounted() throws SQLException {
        execute(
                "CREATE TABLE t (v text)",
                "INSERT INTO t VALUES ('a'), ('a'), ('b')",
                "CREATE TABLE copy.t AS SELECT * FROM t",
                "INSERT INTO copy.t VALUES ('a'), ('a')",
                "DELETE FROM copy.t WHERE v = 'b'");

        Result result = compare();

        assertThat(result.differences()).as("two more of a, one b less").isEqualTo(3);
        assertThat(result.examples())
                .extracting(Difference::kind)
                .containsExactlyInAnyOrder(Difference.Kind.SURPLUS, Difference.Kind.MISSING);
    }

    @Test
    void onlySoManyExamplesAreKept() throws SQLException {
        execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "INSERT INTO t SELECT generate_series(1, 100)",
                "CREATE TABLE copy.t (id int)");

        Result result = compare();

        assertThat(result.differences()).isEqualTo(100);
        assertThat(result.examples()).hasSize(10);
    }

    private void execute(String... statements) throws SQLException {
        server.execute(database, statements);
    }

    private Result compare() throws SQLException {
        ConnectionSettings settings = new ConnectionSettings(
                "test",
                new ConnectionSettings.Endpoint(server.host(), server.port(), database),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
        try (Connection source = Connections.query(settings, "test");
                Connection target = Connections.query(settings, "test")) {
            return new TableComparison(source, target).compare(TABLE, COPY, 10);
        }
    }
}
