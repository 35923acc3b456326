package io.sluice.flink.source.reader;

import io.sluice.postgres.change.Lsn;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One split being read. {@link #close} and {@link #confirm} may be called by another thread. */
sealed interface SplitReading extends AutoCloseable permits ChunkReading, StreamReading {

    /** Null when nothing came. */
    @Nullable
    Fetched next() throws SQLException, InterruptedException;

    /** True when nothing will come any more. */
    boolean ended();

    void confirm(Lsn flushed);

    /** Breaks off what is being read. */
    @Override
    void close() throws SQLException;
}
