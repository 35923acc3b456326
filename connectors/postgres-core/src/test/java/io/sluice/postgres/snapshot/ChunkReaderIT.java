package io.sluice.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class ChunkReaderIT {
    private static PostgresServer server;
    private static ConnectionSettings settings;

    @BeforeAll
    static void start() {
        server = PostgresServer.quick(15);
        settings = new ConnectionSettings(
                "source",
                new ConnectionSettings.Endpoint(server.host(), server.port(), "postgres"),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TableSchema create(String table, String columns, int rows) throws Exception {
        server.execute(
                "postgres",
                "create table " + table + "(" + columns + ")",
                "insert into " + table + " select i, 'row ' || i from generate_series(1, " + rows + ") i");
        try (Connection connection = server.connect("postgres")) {
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    /** All pieces of a chunk from row {@code skip} on, as one. */
    private static byte[] read(SnapshotHolder snapshot, TableSchema table, CtidRange range, long skip)
            throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ChunkReader reader = ChunkReader.open(settings, snapshot.exported(), table, range, skip)) {
            long next = skip;
            boolean last = false;
            for (SnapshotBatch.Rows rows = reader.next(5000); rows != null; rows = reader.next(5000)) {
                assertThat(last).isFalse();
                assertThat(rows.first()).isEqualTo(next);
                assertThat(rows.length()).isLessThanOrEqualTo(5000);
                next += rows.count();
                last = rows.last();
                all.write(rows.bytes(), 0, rows.length());
            }
            assertThat(last).isTrue();
        }
        return all.toByteArray();
    }

    @Test
    void chunksTogetherAreTheTableAsItWasWhenTheSnapshotWasTaken() throws Exception {
        TableSchema t = create("whole", "id int primary key, note text", 20_000);
        server.execute("postgres", "create table copy_of_whole(like whole)");
        try (SnapshotHolder snapshot = SnapshotHolder.open(settings, "test", List.of(t))) {
            server.execute(
                    "postgres", "update whole set note = 'later' where id % 3 = 0", "delete from whole where id < 9");
            List<CtidRange> ranges = CtidRange.plan(snapshot.bytes(t.name()), 256 << 10);
            assertThat(ranges).hasSizeGreaterThan(3);
            for (CtidRange range : ranges) {
                byte[] rows = read(snapshot, t, range, 0);
                try (Connection connection = server.connect("postgres")) {
                    var copy = connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("copy copy_of_whole from stdin (format binary)");
                    byte[] header = {
                        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
                    };
                    copy.writeToCopy(header, 0, header.length);
                    copy.writeToCopy(rows, 0, rows.length);
                    copy.writeToCopy(new byte[] {-1, -1}, 0, 2);
                    copy.endCopy();
                }
            }
        }
        assertThat(
                        server.query(
                                "postgres",
                                "select count(*), count(distinct id), count(*) filter (where note = 'row ' || id) from copy_of_whole"))
                .containsExactly(List.of("20000", "20000", "20000"));
    }

    @Test
    @DisplayName("S6: a chunk that is read again goes on after the rows that were taken")
    void secondReadingIsTheRestOfTheFirst() throws Exception {
        TableSchema t = create("again", "id int, note text", 3000);
        try (SnapshotHolder snapshot = SnapshotHolder.open(settings, "test", List.of(t))) {
            CtidRange whole = new CtidRange(0, CtidRange.OPEN);
            byte[] all = read(snapshot, t, whole, 0);
            server.execute("postgres", "update again set note = 'moved' where id < 500", "vacuum again");
            byte[] rest = read(snapshot, t, whole, 1234);
            assertThat(rest).hasSizeLessThan(all.length);
            assertThat(java.util.Arrays.copyOfRange(all, all.length - rest.length, all.length))
                    .isEqualTo(rest);
            assertThatThrownBy(() -> read(snapshot, t, whole, 3001))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("3000 rows");
        }
    }

    @Test
    @DisplayName("F2: a rewrite of the table waits until its chunks are read")
    void rewriteWaits() throws Exception {
        TableSchema t = create("rewritten", "id int, note text", 100);
        try (SnapshotHolder snapshot = SnapshotHolder.open(settings, "test", List.of(t));
                Connection other = server.connect("postgres");
                Statement statement = other.createStatement()) {
            statement.execute("set lock_timeout = '50ms'");
            assertThatThrownBy(() -> statement.execute("vacuum full rewritten"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("lock timeout");
            assertThat(snapshot.snapshot().boundary().isZero()).isFalse();
        }
    }

    @Test
    @DisplayName("F9: a reading that breaks off never says that it was the last")
    void brokenReadingIsNotComplete() throws Exception {
        TableSchema t = create("broken", "id int, note text", 200_000);
        try (SnapshotHolder snapshot = SnapshotHolder.open(settings, "test", List.of(t));
                ChunkReader reader =
                        ChunkReader.open(settings, snapshot.exported(), t, new CtidRange(0, CtidRange.OPEN), 0)) {
            assertThat(reader.next(1000).last()).isFalse();
            server.query(
                    "postgres",
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%public.broken'");
            assertThatThrownBy(() -> {
                        SnapshotBatch.Rows rows;
                        do {
                            rows = reader.next(1 << 16);
                            assertThat(rows.last()).isFalse();
                        } while (!rows.last());
                    })
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    @DisplayName("S15: a table with a column that is not safe in binary travels as text")
    void unsafeTablesTravelAsText() throws Exception {
        TableSchema t = create("as_text", "id int, note text, c regclass default 'pg_class'", 2);
        try (SnapshotHolder snapshot = SnapshotHolder.open(settings, "test", List.of(t));
                ChunkReader reader =
                        ChunkReader.open(settings, snapshot.exported(), t, new CtidRange(0, CtidRange.OPEN), 0)) {
            SnapshotBatch.Rows rows = reader.next(1000);
            assertThat(rows.format()).isEqualTo(ValueFormat.TEXT);
            assertThat(new String(rows.bytes(), 0, rows.length(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("1\trow 1\tpg_class\n2\trow 2\tpg_class\n");
        }
    }

    @Test
    void emptyTableHasOneLastPieceWithoutRows() throws Exception {
        TableSchema t = create("nothing", "id int, note text", 0);
        try (SnapshotHolder snapshot = SnapshotHolder.open(settings, "test", List.of(t))) {
            assertThat(read(snapshot, t, new CtidRange(0, CtidRange.OPEN), 0)).isEmpty();
        }
    }
}
