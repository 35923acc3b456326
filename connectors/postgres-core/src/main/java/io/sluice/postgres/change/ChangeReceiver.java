package io.sluice.postgres.change;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a decoder reads, in the order of the slot: begin, row messages, commit. Tuples are valid during the call
 * only.
 */
public interface ChangeReceiver {
    /**
     * @param xid of the top-level transaction, 32 bits
     * @param commitTime microseconds since 2000-01-01 00:00 UTC
     */
    void begin(long xid, Lsn commitLsn, long commitTime);

    void insert(TableSchema schema, Tuple row);

    /** @param old null exactly when {@code kind} is {@link OldRow#NONE} */
    void update(TableSchema schema, OldRow kind, @Nullable Tuple old, Tuple row);

    void delete(TableSchema schema, OldRow kind, Tuple old);

    void truncate(List<TableSchema> tables, boolean restartIdentity);

    /** A row or truncate message of tables that are not captured: it counts in the order of the transaction. */
    void skipped();

    /** @param endLsn where the commit record ends: what may be confirmed once the transaction is safe */
    void commit(Lsn commitLsn, Lsn endLsn);
}
