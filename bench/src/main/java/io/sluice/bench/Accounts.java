package io.sluice.bench;

import io.sluice.testkit.PostgresServer;
import java.sql.SQLException;
import java.util.List;

/** The table of all cases, as pgbench has it: a bigint key, two integers, 80 bytes of text. */
final class Accounts {
    static final String DATABASE = "bench";
    static final String TABLE = "acc";

    /** A row of its own for each run: once the target has it, it has everything before it. */
    static final String MARKER = "marker";

    static final List<String> DDL = List.of(
            "CREATE TABLE acc (id bigint PRIMARY KEY, a int NOT NULL, b int NOT NULL, filler text NOT NULL)",
            "CREATE TABLE marker (id int PRIMARY KEY)");

    /** Updates are spread evenly over the rows that stay, deletes take the others one by one. */
    private static final String BACKLOG = """
            CREATE PROCEDURE backlog(changes int, rows bigint) LANGUAGE plpgsql AS $$
            DECLARE
                staying bigint := rows - changes / 10;
                inserted bigint := rows;
                deleted bigint := 0;
                chosen bigint;
            BEGIN
                PERFORM setseed(0.5);
                FOR batch IN 1 .. changes / 100 LOOP
                    FOR ten IN 1 .. 10 LOOP
                        FOR one IN 1 .. 5 LOOP
                            inserted := inserted + 1;
                            INSERT INTO acc VALUES (inserted, batch, one, rpad(inserted::text, 80, 'x'));
                            IF one < 5 THEN
                                chosen := 1 + floor(random() * staying)::bigint;
                                UPDATE acc SET a = a + 1, b = batch WHERE id = chosen;
                            END IF;
                        END LOOP;
                        deleted := deleted + 1;
                        DELETE FROM acc WHERE id = staying + deleted;
                    END LOOP;
                    COMMIT;
                END LOOP;
            END $$""";

    private Accounts() {}

    /** Makes the source's database with that many rows. */
    static void create(PostgresServer source, long rows) throws SQLException {
        source.execute(Servers.MAINTENANCE, "CREATE DATABASE " + DATABASE);
        source.execute(DATABASE, DDL.toArray(String[]::new));
        source.execute(DATABASE, BACKLOG);
        fill(source, rows);
    }

    /** The same rows again, whatever became of them. Vacuumed: no reader has to set hint bits for those after it. */
    static void fill(PostgresServer source, long rows) throws SQLException {
        source.execute(
                DATABASE,
                "TRUNCATE acc, marker",
                "INSERT INTO acc SELECT i, i % 1000, (i::bigint * 7919) % 100000, rpad(i::text, 80, 'x')"
                        + " FROM generate_series(1, " + rows + ") i",
                "VACUUM (ANALYZE) acc");
    }

    /** Half inserts, 40 % updates, 10 % deletes, in transactions of 100; then the marker. */
    static void change(PostgresServer source, int changes, long rows, int marker) throws SQLException {
        source.execute(
                DATABASE, "CALL backlog(" + changes + ", " + rows + ")", "INSERT INTO marker VALUES (" + marker + ")");
    }

    /** Number of rows and a sum over all of them that does not depend on their order. */
    static List<String> digest(PostgresServer server, String database) throws SQLException {
        return server.query(
                        database,
                        "SELECT count(*), sum(hashtextextended(ROW(id, a, b, filler)::text, 0)::numeric) FROM acc")
                .get(0);
    }
}
