package io.sluice.postgres.apply.stage;

import java.sql.SQLException;

/** Takes the bytes of staged rows, any number of them at a time, cut anywhere. */
@FunctionalInterface
public interface RowSink {
    void write(byte[] bytes, int offset, int length) throws SQLException;
}
