package io.sluice.job.verify;

import io.sluice.job.verify.Difference.Kind;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.sql.Names;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Compares a table with its copy.
 *
 * <p>Each side first counts its rows and adds up a 64-bit hash of each; only where these differ are the rows walked, in
 * the order of their keys. The rows must not change meanwhile. The connections' sessions must print values alike, as
 * those of {@link io.sluice.postgres.connection.Connections} do.
 */
public final class TableComparison {
    private static final int FETCH_ROWS = 10_000;

    private final Connection source;
    private final Connection target;

    public TableComparison(Connection source, Connection target) {
        this.source = source;
        this.target = target;
    }

    /**
     * What came out.
     *
     * @param rows of the source
     * @param differences number of rows that are not the same on both sides
     * @param examples some of them
     */
    public record Result(TableName table, long rows, long differences, List<Difference> examples) {
        public Result {
            examples = List.copyOf(examples);
        }

        public boolean identical() {
            return differences == 0;
        }
    }

    /** @param examples how many differences are told apart at most; all are counted */
    public Result compare(TableName sourceTable, TableName targetTable, int examples) throws SQLException {
        ComparedColumns columns = ComparedColumns.of(source, sourceTable);
        CompletableFuture<Digest> targets = CompletableFuture.supplyAsync(() -> {
            try {
                return digest(target, columns, targetTable);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
        Digest sources = digest(source, columns, sourceTable);
        if (sources.equals(join(targets))) {
            return new Result(sourceTable, sources.rows(), 0, List.of());
        }
        Walk walk = new Walk(examples);
        walk(columns, sourceTable, targetTable, walk);
        return new Result(sourceTable, sources.rows(), walk.differences, walk.examples);
    }

    private record Digest(long rows, BigDecimal sum) {}

    private static Digest join(CompletableFuture<Digest> digest) throws SQLException {
        try {
            return digest.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Digest digest(Connection connection, ComparedColumns columns, TableName table) throws SQLException {
        String sql = "SELECT pg_catalog.count(*), coalesce(pg_catalog.sum(" + columns.hash()
                + "::pg_catalog.numeric), 0) FROM " + Names.quote(table);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Digest(row.getLong(1), row.getBigDecimal(2));
        }
    }

    private void walk(ComparedColumns columns, TableName sourceTable, TableName targetTable, Walk walk)
            throws SQLException {
        try (Side s = new Side(source, columns, sourceTable);
                Side t = new Side(target, columns, targetTable)) {
            while (s.present || t.present) {
                int order = !s.present ? 1 : !t.present ? -1 : compareBytewise(s.identity, t.identity);
                if (order < 0) {
                    walk.differ(Kind.MISSING, s.identity, s.times);
                    s.next();
                } else if (order > 0) {
                    walk.differ(Kind.SURPLUS, t.identity, t.times);
                    t.next();
                } else {
                    long surplus = t.times - s.times;
                    if (surplus != 0) {
                        walk.differ(surplus > 0 ? Kind.SURPLUS : Kind.MISSING, s.identity, Math.abs(surplus));
                    } else if (s.hash != t.hash) {
                        walk.differ(Kind.CHANGED, s.identity, 1);
                    }
                    s.next();
                    t.next();
                }
            }
        }
    }

    /** The servers sort by {@code COLLATE "C"}: the bytes of UTF-8, which is the order of code points, not of chars. */
    private static int compareBytewise(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** Counts differences and keeps the first ones. */
    private static final class Walk {
        private final int limit;
        private final List<Difference> examples = new ArrayList<>();
        private long differences;

        Walk(int limit) {
            this.limit = limit;
        }

        void differ(Kind kind, String key, long times) {
            differences += times;
            if (examples.size() < limit) {
                examples.add(new Difference(kind, key));
            }
        }
    }

    /** A table's rows in order, fetched piece by piece. */
    private static final class Side implements AutoCloseable {
        private final Connection connection;
        private final boolean autoCommit;
        private final Statement statement;
        private final ResultSet rows;
        private boolean present;
        private String identity = "";
        private long hash;
        private long times;

        Side(Connection connection, ComparedColumns columns, TableName table) throws SQLException {
            this.connection = connection;
            // Outside of a transaction the driver fetches all rows at once.
            this.autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            statement = connection.createStatement();
            statement.setFetchSize(FETCH_ROWS);
            rows = statement.executeQuery("SELECT i COLLATE \"C\", pg_catalog.min(h), pg_catalog.count(*) FROM (SELECT "
                    + columns.identity() + " AS i, " + columns.hash() + " AS h FROM " + Names.quote(table)
                    + ") r GROUP BY 1 ORDER BY 1");
            next();
        }

        void next() throws SQLException {
            present = rows.next();
            if (present) {
                identity = rows.getString(1);
                hash = rows.getLong(2);
                times = rows.getLong(3);
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }
}
