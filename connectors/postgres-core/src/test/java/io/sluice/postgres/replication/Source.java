package io.sluice.postgres.replication;

import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.Visibility;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A server, its database {@code postgres} and what a pipeline called {@link #APPLICATION} does with them. */
record Source(PostgresServer server) {
    static final String APPLICATION = "sluice test";

    ConnectionSettings settings() {
        return settings("postgres");
    }

    ConnectionSettings settings(String database) {
        return new ConnectionSettings(
                "source",
                new ConnectionSettings.Endpoint(server.host(), server.port(), database),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    void execute(String... statements) throws SQLException {
        server.execute("postgres", statements);
    }

    String text(String sql) throws SQLException {
        return server.query("postgres", sql).get(0).get(0);
    }

    List<TableSchema> tables(String... names) throws SQLException {
        try (Connection connection = Connections.query(settings(), APPLICATION)) {
            return Catalog.tables(
                    connection,
                    Arrays.stream(names).map(n -> new TableName("public", n)).toList());
        }
    }

    /** Publication {@code p} and slot {@code s} for these tables; where the slot begins. */
    ChangePosition publish(String... tables) throws Exception {
        try (Connection connection = Connections.query(settings(), APPLICATION)) {
            Publications.ensure(connection, "p", tables(tables));
            Slots.create(settings(), APPLICATION, "s", Plugin.PGOUTPUT, blockers -> {});
            return ChangePosition.atEnd(
                    Slots.find(connection, "s").orElseThrow().confirmedFlush());
        }
    }

    /** Slot {@code s} for wal2json; where it begins. */
    ChangePosition createWal2JsonSlot() throws Exception {
        Slots.create(settings(), APPLICATION, "s", Plugin.WAL2JSON, blockers -> {});
        return ChangePosition.atEnd(confirmed());
    }

    SlotStatus slot() throws SQLException {
        try (Connection connection = Connections.query(settings(), APPLICATION)) {
            return Slots.find(connection, "s").orElseThrow();
        }
    }

    Lsn confirmed() throws SQLException {
        return slot().confirmedFlush();
    }

    static SlotSession session(Duration walSenderTimeout) {
        return new SlotSession("s", Plugin.PGOUTPUT, List.of("p"), ValueFormat.TEXT, walSenderTimeout);
    }

    ChangeReader open(ChangePosition position, String... tables) throws Exception {
        return open(session(Duration.ofSeconds(60)), position, tables);
    }

    ChangeReader open(SlotSession session, ChangePosition position, String... tables) throws Exception {
        return ChangeReader.open(settings(), APPLICATION, session, start(session, position, tables));
    }

    ChangeReader.Start start(SlotSession session, ChangePosition position, String... tables) throws SQLException {
        return new ChangeReader.Start(
                position,
                tables(tables),
                Visibility.NOTHING_COPIED,
                new Buckets(1),
                SourceServer.identify(settings(), APPLICATION, session));
    }

    /** Every row change as its kind and first column, as in {@code I 17}; cuts by their class. */
    static List<String> print(List<ChangeBatch> batches) {
        List<String> lines = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            if (batch instanceof RowBatch rows) {
                RowCursor cursor = new RowCursor(rows);
                while (cursor.next()) {
                    Tuple row = cursor.tuple();
                    lines.add((char) cursor.kind().code() + " "
                            + new String(row.bytes(), row.offset(0), row.length(0), StandardCharsets.UTF_8));
                }
            } else {
                lines.add(batch.getClass().getSimpleName());
            }
        }
        lines.removeIf("Progress"::equals);
        return lines;
    }

    /** Positions of all rows, in order. */
    static List<ChangePosition> positions(List<ChangeBatch> batches) {
        List<ChangePosition> positions = new ArrayList<>();
        for (ChangeBatch batch : batches) {
            if (batch instanceof RowBatch rows) {
                RowCursor cursor = new RowCursor(rows);
                while (cursor.next()) {
                    positions.add(cursor.position());
                }
            }
        }
        return positions;
    }

    /** Fetches until the reader has come up to the WAL as it is now. */
    List<ChangeBatch> readToEnd(ChangeReader reader) throws Exception {
        Lsn until = Lsn.parse(text("select pg_current_wal_insert_lsn()"));
        // Something must follow for the server to tell that it is there.
        execute("select pg_logical_emit_message(true, 'test', 'end')");
        List<ChangeBatch> batches = new ArrayList<>();
        long giveUp = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        ChangeReader.Fetch fetch;
        do {
            fetch = reader.fetch(1 << 20, Duration.ofMillis(100));
            batches.addAll(fetch.batches());
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("the reader is at " + fetch.end() + ", not at " + until);
            }
        } while (fetch.end().lsn().isBefore(until));
        return batches;
    }
}
