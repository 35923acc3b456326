package io.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TablesIT {
    private static final List<String> COLUMNS = List.of("id", "Odd \"name", "at", "bits");

    @Postgres
    private static PostgresServer server;

    @Postgres(version = 18)
    private static PostgresServer other;

    private String here;
    private String there;

    @BeforeEach
    void tables() throws Exception {
        here = server.createDatabase();
        there = other.createDatabase();
        String table = "(id int, \"Odd \"\"name\" text, at timestamptz, bits bytea, note text)";
        String rows = " select i, case i % 3 when 0 then null when 1 then '' else 'x' || i end, timestamptz"
                + " '2026-01-01 00:00+00' + i * interval '1 h', decode(md5(i::text), 'hex') from";
        server.execute(here, "create table t" + table, "insert into t" + rows + " generate_series(1, 5000) i");
        other.execute(
                there,
                // The other side prints and sorts otherwise, and holds its rows in another order.
                "alter database " + there + " set timezone = 'Asia/Kolkata'",
                "alter database " + there + " set bytea_output = escape",
                "create schema s",
                "create table s.\"T\"" + table,
                "insert into s.\"T\"" + rows + " generate_series(5000, 1, -1) i");
    }

    @Test
    void equalTablesHaveNoDifferences() throws Exception {
        assertThat(differences(List.of("id"))).isEmpty();
        assertThat(differences(List.of())).isEmpty();
    }

    @Test
    void everyKindOfDifferenceIsALine() throws Exception {
        other.execute(
                there,
                "update s.\"T\" set \"Odd \"\"name\" = '' where id = 3",
                "delete from s.\"T\" where id = 4000",
                "insert into s.\"T\" values (0, 'new')",
                "update s.\"T\" set note = 'not compared' where id = 7");
        assertThat(differences(List.of("id")))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("differs: source (3,,") && line.contains("target (3,\"\","))
                .anyMatch(line -> line.startsWith("only in source: (4000,"))
                .anyMatch(line -> line.startsWith("only in target: (0,new,"));
        assertThat(differences(List.of())).hasSize(4);
    }

    @Test
    void rowThatIsThereTwiceIsADifference() throws Exception {
        String twice = "insert into s.\"T\" select * from s.\"T\" where id = 17";
        other.execute(there, twice);
        for (List<String> key : List.of(List.of("id"), List.<String>of())) {
            assertThat(differences(key)).singleElement().asString().startsWith("only in target: (17,");
        }
        server.execute(here, "insert into t select * from t where id = 17");
        assertThat(differences(List.of())).isEmpty();
    }

    @Test
    void linesAreLimited() throws Exception {
        other.execute(there, "truncate s.\"T\"");
        assertThat(differences(List.of("id"))).hasSize(Tables.MOST_LINES);
    }

    @Test
    void connectionInATransactionIsRefused() throws Exception {
        try (Connection connection = server.connect(here)) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> Tables.differences(connection, connection, "t", "t", COLUMNS, List.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<String> differences(List<String> key) throws SQLException {
        try (Connection source = server.connect(here);
                Connection target = other.connect(there)) {
            return Tables.differences(source, target, "t", "s.\"T\"", COLUMNS, key);
        }
    }
}
