package io.sluice.job.config;

import java.io.Serializable;

/** What becomes of single rows on their way. */
public record RowHandling(
        Deletes deletes, Truncate truncate, int flatteningMaxLevel, boolean validateRecords, OnError onError)
        implements Serializable {

    /**
     * What a delete at the source does.
     *
     * @param hard whether the row is deleted too; needs the metadata columns, so it turns them on
     * @param metadataColumns whether the target has the {@code _sdc_} columns
     */
    public record Deletes(boolean hard, boolean metadataColumns) implements Serializable {
        public Deletes {
            if (hard && !metadataColumns) {
                throw new IllegalArgumentException("hard deletes need the metadata columns; turn them on");
            }
        }
    }

    /** What a TRUNCATE at the source does. */
    public enum Truncate {
        APPLY,
        IGNORE
    }

    /** What a row does that the target refuses. */
    public enum OnError {
        FAIL,
        QUARANTINE
    }
}
