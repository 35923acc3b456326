package io.sluice.postgres.apply.option;

import java.io.Serializable;
import java.util.Objects;

/**
 * How one pipeline writes to its target.
 *
 * @param pipeline names the ledger's rows and the staging tables
 * @param stagingSchema holds ledger and staging tables
 */
public record ApplyOptions(
        String pipeline, String stagingSchema, TableMapping mapping, RowOptions rows, FlushPolicy flush)
        implements Serializable {
    /** What becomes of single rows. */
    public record RowOptions(DeleteMode deletes, TruncateMode truncates, KeyPolicy keys, ForeignRows foreignRows)
            implements Serializable {
        public static final RowOptions DEFAULT =
                new RowOptions(DeleteMode.KEEP, TruncateMode.APPLY, KeyPolicy.REQUIRED, ForeignRows.REFUSE);
    }

    /** What a TRUNCATE of a source table does. */
    public enum TruncateMode {
        /** As the delete mode says: truncates, marks all rows, or nothing but a warning. */
        APPLY,
        IGNORE
    }

    /** Whether tables without a key are taken. */
    public enum KeyPolicy {
        REQUIRED,
        /** Rows of a table without key are appended, each once. */
        OPTIONAL
    }

    /** What becomes of a snapshot's rows when the target held rows that are not of this pipeline. */
    public enum ForeignRows {
        /** An error: rows that the source no longer has could not be told from them (RULES F4). */
        REFUSE,
        /** They are merged by key; rows that the source does not have stay. */
        MERGE
    }

    public ApplyOptions {
        Objects.requireNonNull(pipeline, "pipeline is null");
        Objects.requireNonNull(stagingSchema, "stagingSchema is null");
        Objects.requireNonNull(mapping, "mapping is null");
        Objects.requireNonNull(rows, "rows is null");
        Objects.requireNonNull(flush, "flush is null");
    }
}
