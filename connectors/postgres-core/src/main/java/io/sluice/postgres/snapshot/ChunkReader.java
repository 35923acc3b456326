package io.sluice.postgres.snapshot;

import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads one chunk of a table as COPY sends it. Under one snapshot the rows of a ctid range always come in the same
 * order, so a reading that broke off goes on after the rows that were taken (RULES S6).
 *
 * <p>Not thread-safe, but {@link #close} may be called from another thread to break off.
 */
public final class ChunkReader implements AutoCloseable {
    /** Signature (11), flags (4) and length of the header's extension (4): manual, COPY, "Binary Format". */
    private static final int BINARY_HEADER = 19;

    private final Connection connection;
    private final CopyOut copy;
    private final ValueFormat format;
    private boolean headerSeen;
    private boolean trailerSeen;
    private boolean finished;
    private long toSkip;
    private long row;
    private byte @Nullable [] ahead;

    /**
     * @param exported the snapshot's name on the server; its holder must be open
     * @param skip number of rows that were taken before
     */
    public static ChunkReader open(
            ConnectionSettings settings, String exported, TableSchema table, CtidRange range, long skip)
            throws SQLException {
        Connection connection = Connections.query(settings, "sluice snapshot of " + table.name());
        try {
            return new ChunkReader(connection, exported, table, range, skip);
        } catch (SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private ChunkReader(Connection connection, String exported, TableSchema table, CtidRange range, long skip)
            throws SQLException {
        this.connection = connection;
        this.format = table.binarySafe() ? ValueFormat.BINARY : ValueFormat.TEXT;
        this.toSkip = skip;
        PGConnection postgres = connection.unwrap(PGConnection.class);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION SNAPSHOT " + "'" + postgres.escapeLiteral(exported) + "'");
            // Workers would hand in their rows in any order.
            statement.execute("SET LOCAL max_parallel_workers_per_gather = 0");
        }
        List<String> columns = new ArrayList<>();
        for (var column : table.columns()) {
            columns.add(postgres.escapeIdentifier(column.name()));
        }
        copy = postgres.getCopyAPI()
                .copyOut("COPY (SELECT " + String.join(", ", columns) + " FROM ONLY "
                        + SnapshotHolder.quote(postgres, table.name()) + range.condition() + ") TO STDOUT (FORMAT "
                        + format.name().toLowerCase(java.util.Locale.ROOT) + ")");
    }

    public ValueFormat format() {
        return format;
    }

    /**
     * The next rows, about {@code bytes} of them; the last piece only after the server's word that the whole chunk was
     * sent (RULES F9), and nothing after it.
     *
     * @throws SQLException when the connection breaks or the server ends the reading
     */
    public SnapshotBatch.@Nullable Rows next(int bytes) throws SQLException {
        if (finished) {
            return null;
        }
        byte[] buffer = new byte[bytes];
        int length = 0;
        int count = 0;
        long first = -1;
        while (length < bytes) {
            byte[] message = ahead != null ? ahead : copy.readFromCopy();
            ahead = null;
            if (message == null) {
                if (format == ValueFormat.BINARY && !trailerSeen) {
                    throw new SQLException("the server ended a binary COPY without its trailer");
                }
                finished = true;
                break;
            }
            int offset = startOfRow(message);
            if (offset < 0) {
                continue;
            }
            row++;
            if (toSkip > 0) {
                toSkip--;
                continue;
            }
            int size = message.length - offset;
            if (count > 0 && length + size > bytes) {
                row--;
                headerSeen = true;
                ahead = offset == 0 ? message : Arrays.copyOfRange(message, offset, message.length);
                break;
            }
            if (length + size > buffer.length) {
                buffer = Arrays.copyOf(buffer, length + size);
            }
            System.arraycopy(message, offset, buffer, length, size);
            length += size;
            first = first < 0 ? row - 1 : first;
            count++;
        }
        if (finished && toSkip > 0) {
            throw new SQLException("the chunk has " + row + " rows, " + toSkip
                    + " less than were taken of it before; the snapshot is not the one that was read then");
        }
        return new SnapshotBatch.Rows(format, buffer, length, first < 0 ? row : first, count, finished);
    }

    @Override
    public void close() throws SQLException {
        // Not cancelled first: a COPY in progress would be read to its end.
        connection.abort(Runnable::run);
    }

    /** Where the row starts in a message, -1 when it holds none. */
    private int startOfRow(byte[] message) throws SQLException {
        if (format == ValueFormat.TEXT) {
            return 0;
        }
        int offset = headerSeen ? 0 : BINARY_HEADER;
        headerSeen = true;
        if (message.length - offset < 2) {
            if (message.length == offset) {
                return -1;
            }
            throw new SQLException("a COPY message of " + message.length + " bytes holds no row");
        }
        if (BigEndian.getShort(message, offset) == -1) {
            trailerSeen = true;
            return -1;
        }
        return offset;
    }
}
