package io.sluice.postgres.connection;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A COPY FROM STDIN in progress. Only {@link #finish} ends it well: a binary COPY that ends between two rows would be
 * taken as complete (RULES F9), so whoever leaves before gives the connection up, and the server throws the rows away.
 *
 * <p>Not thread-safe.
 */
public final class CopyTarget implements AutoCloseable {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte[] TRAILER = {-1, -1};

    private final Connection connection;
    private final CopyIn copy;
    private final boolean binary;
    private boolean finished;

    private CopyTarget(Connection connection, String sql, boolean binary) throws SQLException {
        this.connection = connection;
        this.binary = binary;
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        if (binary) {
            copy.writeToCopy(HEADER, 0, HEADER.length);
        }
    }

    /** @param sql a COPY with FORMAT binary; header and trailer are written here */
    public static CopyTarget binary(Connection connection, String sql) throws SQLException {
        return new CopyTarget(connection, sql, true);
    }

    /** @param sql a COPY with FORMAT text */
    public static CopyTarget text(Connection connection, String sql) throws SQLException {
        return new CopyTarget(connection, sql, false);
    }

    /** Rows, cut anywhere. */
    public void write(byte[] bytes, int offset, int length) throws SQLException {
        copy.writeToCopy(bytes, offset, length);
    }

    /**
     * Ends the COPY.
     *
     * @return number of rows that the server took
     */
    public long finish() throws SQLException {
        if (binary) {
            copy.writeToCopy(TRAILER, 0, TRAILER.length);
        }
        long rows = copy.endCopy();
        finished = true;
        return rows;
    }

    /** Breaks off what was not finished, together with the connection. */
    @Override
    public void close() throws SQLException {
        if (!finished) {
            connection.abort(Runnable::run);
        }
    }
}
