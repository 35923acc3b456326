package io.sluice.postgres.apply.write;

import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.catalog.Catalog;
import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Writers into a server of our own, and batches of (int4, text) rows for them. */
abstract class StagedChanges {
    static final Origin ORIGIN = new Origin("1", 1, "slot", "pgoutput");
    static PostgresServer server;
    static ConnectionSettings settings;
    final List<TargetWriter> writers = new ArrayList<>();
    long ordinal;

    /** 18 extends tables by many pages and fills them at the next COPY; 15 does not. */
    @BeforeAll
    static void start() {
        server = PostgresServer.quick(18);
        settings = new ConnectionSettings(
                "target",
                new ConnectionSettings.Endpoint(server.host(), server.port(), "postgres"),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void closeWriters() throws Exception {
        for (TargetWriter writer : writers) {
            writer.close();
        }
    }

    TargetWriter writer(FlushPolicy policy) throws Exception {
        return writer(policy, TargetWriter.BUFFER_BYTES);
    }

    TargetWriter writer(FlushPolicy policy, long bufferBytes) throws Exception {
        TargetWriter writer = TargetWriter.open(
                settings,
                "staging test",
                new ApplyOptions(
                        "staging",
                        "_sluice",
                        source -> new TableName("copy", source.table()),
                        RowOptions.DEFAULT,
                        policy),
                bufferBytes);
        writers.add(writer);
        return writer;
    }

    static FlushPolicy full(int rows) {
        return new FlushPolicy(
                rows, 64 << 20, Duration.ofHours(1), Duration.ofHours(1), FlushPolicy.Scope.FULL_TABLE_ONLY);
    }

    static String lower(ValueFormat format) {
        return format.name().toLowerCase(java.util.Locale.ROOT);
    }

    static TableSchema create(String table, String columns) throws Exception {
        server.execute("postgres", "create table " + table + "(" + columns + ")");
        try (Connection connection = server.connect("postgres")) {
            return Catalog.tables(connection, List.of(new TableName("public", table)))
                    .get(0);
        }
    }

    /** INSERTs of (int4, text) with ids from {@code first} on. */
    RowBatch inserts(TableSchema table, ValueFormat format, int first, int count, int noteLength) {
        RowBatchBuilder builder = new RowBatchBuilder(table, 0, format);
        for (int id = first; id < first + count; id++) {
            add(builder, format, ChangeKind.INSERT, id, "x".repeat((id * 31 & 0x7fff) % noteLength) + id);
        }
        return builder.build();
    }

    void add(RowBatchBuilder builder, ValueFormat format, ChangeKind kind, int id, String note) {
        byte[] key = new byte[4];
        BigEndian.putInt(key, 0, id);
        key = format == ValueFormat.BINARY ? key : String.valueOf(id).getBytes(StandardCharsets.UTF_8);
        byte[] text = note == null ? new byte[0] : note.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = java.util.Arrays.copyOf(key, key.length + text.length);
        System.arraycopy(text, 0, bytes, key.length, text.length);
        Tuple row = new Tuple();
        row.reset(bytes, 2);
        row.value(0, 0, key.length);
        if (note == null) {
            row.setUnchanged(1);
        } else {
            row.value(1, key.length, text.length);
        }
        builder.add(new ChangePosition(new Lsn(5), ++ordinal), 0, kind, row);
    }

    static Stream<Step.Rows> rows(Unit unit) {
        return unit.steps().stream().map(Step.Rows.class::cast);
    }

    static List<String> tables(Unit unit) {
        return rows(unit)
                .map(Step.Rows::staged)
                .filter(Staged.InTable.class::isInstance)
                .map(staged -> ((Staged.InTable) staged).table())
                .distinct()
                .toList();
    }

    /** What the commit of a unit does to the tables that it consumed. */
    static void free(Unit unit) throws Exception {
        for (String table : tables(unit)) {
            server.execute(
                    "postgres",
                    "begin; truncate _sluice." + table + "; update _sluice.staging set unit = null where name = '"
                            + table + "'; commit");
        }
    }
}
