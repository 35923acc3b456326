package io.sluice.testkit;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares tables on two servers by what they print, independently of everything that moves rows. */
public final class Tables {
    /** More lines help nobody. */
    public static final int MOST_LINES = 20;

    private static final int BUCKETS = 1024;
    private static final int FETCH = 2_000;
    /** Characters shown of a row. */
    private static final int LINE = 200;

    private Tables() {}

    /**
     * The differences between two tables, row for row, each row as often as it occurs; none when they are equal.
     *
     * <p>First both sides are summed up by the hashes of their rows, which reads each table once. Only when the sums
     * differ they are made again in {@value #BUCKETS} buckets by hash, and the buckets that differ are read row for row.
     *
     * @param source in auto-commit mode, as {@code target}; each side is read under one snapshot
     * @param sourceTable as SQL writes it, quoted where that is needed; and so {@code targetTable}
     * @param columns names as the catalog has them, of both tables
     * @param key names of the columns that say which rows belong together; empty when there is no key
     * @return at most {@link #MOST_LINES} lines for a reader; they hold the beginnings of rows
     */
    public static List<String> differences(
            Connection source,
            Connection target,
            String sourceTable,
            String targetTable,
            List<String> columns,
            List<String> key)
            throws SQLException {
        String row = text(columns);
        try (Side left = new Side(source, sourceTable, key.isEmpty() ? row : text(key), row);
                Side right = new Side(target, targetTable, key.isEmpty() ? row : text(key), row)) {
            if (left.sum().equals(right.sum())) {
                return List.of();
            }
            Map<Integer, String> sums = left.sums();
            Map<Integer, String> others = right.sums();
            Integer[] unequal = IntStream.range(0, BUCKETS)
                    .filter(bucket -> !sums.getOrDefault(bucket, "").equals(others.getOrDefault(bucket, "")))
                    .boxed()
                    .toArray(Integer[]::new);
            return walk(left.rows(unequal), right.rows(unequal));
        }
    }

    private static List<String> walk(Rows left, Rows right) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < MOST_LINES && !(left.ended() && right.ended())) {
            int byKey = left.compareKey(right);
            if (byKey < 0) {
                lines.add("only in source: " + left.row());
                left.next();
            } else if (byKey > 0) {
                lines.add("only in target: " + right.row());
                right.next();
            } else {
                if (!left.sameRow(right)) {
                    lines.add("differs: source " + left.row() + ", target " + right.row());
                }
                left.next();
                right.next();
            }
        }
        return List.copyOf(lines);
    }

    private static String text(List<String> columns) {
        return columns.stream()
                .map(column -> "\"" + column.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(", ", "row(", ")::text"));
    }

    /** One table, read in a transaction of its own under settings that make equal values print alike. */
    private static final class Side implements AutoCloseable {
        private final Connection connection;
        private final String table;
        private final String key;
        private final String row;

        private Side(Connection connection, String table, String key, String row) throws SQLException {
            this.connection = connection;
            this.table = table;
            this.key = key;
            this.row = row;
            if (!connection.getAutoCommit()) {
                throw new IllegalArgumentException("the connection for " + table + " is in a transaction of its owner");
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read, read only;"
                        + " set local datestyle = iso; set local intervalstyle = postgres; set local timezone = utc;"
                        + " set local extra_float_digits = 3; set local bytea_output = hex;"
                        + " set local statement_timeout = 0");
            }
        }

        /** Number of rows and sum of their hashes. A plan of its own: it runs in parallel, one by bucket would not. */
        private String sum() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(
                            "select count(*) || ' ' || coalesce(sum(" + hash() + "), 0) from " + table)) {
                result.next();
                return result.getString(1);
            }
        }

        /** The same by bucket; empty buckets are absent. */
        private Map<Integer, String> sums() throws SQLException {
            Map<Integer, String> sums = new TreeMap<>();
            try (Statement statement = connection.createStatement();
                    // OFFSET keeps the planner from hashing each row twice.
                    ResultSet result = statement.executeQuery(
                            "select " + bucket("hash") + ", count(*) || ' ' || sum(hash)" + " from (select " + hash()
                                    + " as hash from " + table + " offset 0) as hashes group by 1")) {
                while (result.next()) {
                    sums.put(result.getInt(1), result.getString(2));
                }
            }
            return sums;
        }

        private Rows rows(Integer[] buckets) throws SQLException {
            PreparedStatement statement = connection.prepareStatement("select " + key + ", " + row + " from " + table
                    + " where " + bucket(hash()) + " = any(?) order by " + key + " collate \"C\", " + row
                    + " collate \"C\"");
            statement.closeOnCompletion();
            statement.setArray(1, connection.createArrayOf("int4", buckets));
            statement.setFetchSize(FETCH);
            return new Rows(statement.executeQuery());
        }

        private String hash() {
            return "hashtextextended(" + row + ", 0)";
        }

        private static String bucket(String hash) {
            return "(" + hash + " & " + (BUCKETS - 1) + ")::int4";
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Rows in the order of the bytes of their key, then of their text. */
    private static final class Rows {
        private final ResultSet result;
        private byte[] key = new byte[0];
        private byte[] row = new byte[0];
        private boolean ended;

        private Rows(ResultSet result) throws SQLException {
            this.result = result;
            next();
        }

        private void next() throws SQLException {
            ended = !result.next();
            if (!ended) {
                key = result.getBytes(1);
                row = result.getBytes(2);
            }
        }

        private boolean ended() {
            return ended;
        }

        private String row() {
            String text = new String(row, StandardCharsets.UTF_8);
            return text.length() <= LINE ? text : text.substring(0, LINE) + "...";
        }

        private boolean sameRow(Rows other) {
            return Arrays.equals(row, other.row);
        }

        /** A side that has ended comes after all rows. */
        private int compareKey(Rows other) {
            if (ended || other.ended) {
                return Boolean.compare(ended, other.ended);
            }
            return Arrays.compareUnsigned(key, other.key);
        }
    }
}
