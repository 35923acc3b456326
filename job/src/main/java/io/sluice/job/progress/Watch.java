package io.sluice.job.progress;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Applied;
import io.sluice.postgres.apply.ledger.Ledger.Chunks;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.ledger.Ledger.Load;
import io.sluice.postgres.apply.ledger.Ledger.LoadState;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both servers, again and again, to see how far a pipeline is. A server that does not answer is asked again
 * the next time. Not thread-safe.
 */
public final class Watch implements AutoCloseable {
    private final Pipeline pipeline;
    private final Counts counts;
    private final Ledger ledger;
    private final Map<TableName, Long> sourceBytes = new HashMap<>();
    private @Nullable Connection source;
    private @Nullable Connection target;

    /**
     * Whom to watch.
     *
     * @param name of the pipeline
     * @param tables of the source
     */
    public record Pipeline(
            String name,
            String stagingSchema,
            ConnectionSettings source,
            ConnectionSettings target,
            List<TableName> tables,
            Course course) {
        public Pipeline {
            tables = List.copyOf(tables);
        }
    }

    /** What a pipeline does, one after the other. */
    public enum Course {
        COPY,
        COPY_AND_FOLLOW,
        FOLLOW
    }

    /** What only the process that runs the pipeline knows. */
    public interface Counts {
        /** Rows of snapshots copied. */
        long rowsCopied();

        /** Changes read. */
        long changes();

        /** When the target last committed, in milliseconds since 1970; 0 for not yet. */
        long lastCommit();
    }

    public Watch(Pipeline pipeline, Counts counts) {
        this.pipeline = pipeline;
        this.counts = counts;
        this.ledger = new Ledger(pipeline.stagingSchema(), pipeline.name());
    }

    public Sample look() {
        String asked = "source " + pipeline.source().name();
        try {
            Connection s = source();
            Lsn end = end(s);
            if (sourceBytes.isEmpty()) {
                readSourceBytes(s);
            }
            asked = "target " + pipeline.target().name();
            return look(target(), end);
        } catch (SQLException | IllegalStateException e) {
            close();
            return new Sample.Blind(System.nanoTime(), asked + " does not answer: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closeQuietly(source);
        closeQuietly(target);
        source = null;
        target = null;
    }

    private Sample look(Connection connection, Lsn end) throws SQLException {
        Optional<Applied> applied = Optional.empty();
        Map<TableName, Entry> entries = Map.of();
        if (ledger.exists(connection)) {
            applied = pipeline.course() == Course.COPY ? applied : ledger.applied(connection);
            entries = ledger.entries(connection);
        }
        if (applied.isPresent()) {
            return new Sample.Following(
                    System.nanoTime(),
                    counts.changes(),
                    applied.get().position().lsn(),
                    end,
                    counts.lastCommit());
        }
        return pipeline.course() == Course.FOLLOW
                ? new Sample.Starting(System.nanoTime())
                : copying(connection, entries);
    }

    private Sample copying(Connection connection, Map<TableName, Entry> entries) throws SQLException {
        int complete = 0;
        long done = 0;
        long total = 0;
        for (TableName table : pipeline.tables()) {
            long bytes = sourceBytes.getOrDefault(table, 0L);
            total += bytes;
            Entry entry = entries.get(table);
            if (entry != null && entry.state() == LoadState.COMPLETE) {
                complete++;
                done += bytes;
            } else if (entry != null) {
                done += loaded(connection, entry, bytes);
            }
        }
        return new Sample.Copying(
                System.nanoTime(), pipeline.tables().size(), complete, counts.rowsCopied(), done, total);
    }

    /** Of a table that is not complete; the target's own size tells it row by row, but only where the rows are new. */
    private long loaded(Connection connection, Entry entry, long bytes) throws SQLException {
        if (entry.load() == Load.DIRECT) {
            return Math.min(bytes, bytes(connection, entry.target()));
        }
        if (entry.snapshot() == null) {
            return 0;
        }
        Chunks chunks =
                ledger.chunks(connection, entry.source(), entry.snapshot().id());
        return chunks.of() == 0 ? 0 : bytes * chunks.done() / chunks.of();
    }

    private void readSourceBytes(Connection connection) throws SQLException {
        for (TableName table : pipeline.tables()) {
            sourceBytes.put(table, bytes(connection, table));
        }
    }

    /** 0 for a table that is not there. */
    private static long bytes(Connection connection, TableName table) throws SQLException {
        String sql = "SELECT coalesce(pg_catalog.pg_table_size(pg_catalog.to_regclass("
                + Names.literal(Names.quote(table)) + ")), 0)";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Lsn end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_current_wal_lsn()::text")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    private Connection source() throws SQLException {
        if (source == null) {
            source = Connections.query(pipeline.source(), application());
        }
        return source;
    }

    private Connection target() throws SQLException {
        if (target == null) {
            target = Connections.query(pipeline.target(), application());
        }
        return target;
    }

    private String application() {
        return "sluice " + pipeline.name() + " progress";
    }

    private static void closeQuietly(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException alreadyBroken) {
                // It is given up because it does not answer; a second failure says nothing new.
                return;
            }
        }
    }
}
