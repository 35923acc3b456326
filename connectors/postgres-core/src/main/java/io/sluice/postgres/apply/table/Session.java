package io.sluice.postgres.apply.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A transaction on a connection that is in auto-commit mode before and after; rolled back unless committed. */
final class Session implements AutoCloseable {
    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    /** Names of types print with their schema, because only pg_catalog is searched. */
    static Session begin(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException("the connection is inside a transaction already");
        }
        connection.setAutoCommit(false);
        Session session = new Session(connection);
        try {
            session.execute("SET LOCAL search_path = pg_catalog");
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Commits; what follows is a new transaction. */
    void commit() throws SQLException {
        connection.commit();
        execute("SET LOCAL search_path = pg_catalog");
    }

    @Override
    public void close() throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
