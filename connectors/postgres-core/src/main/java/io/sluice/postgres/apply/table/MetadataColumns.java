package io.sluice.postgres.apply.table;

import java.util.List;

/** Columns that the target has besides the source's, when the user wants them: all timestamptz and nullable. */
public final class MetadataColumns {
    /** When the source committed the change, or when its snapshot was taken. */
    public static final String EXTRACTED_AT = "_sdc_extracted_at";
    /** When the row was written to the target. */
    public static final String BATCHED_AT = "_sdc_batched_at";
    /** When the source deleted the row; null for a row that is there. */
    public static final String DELETED_AT = "_sdc_deleted_at";

    public static final List<String> ALL = List.of(EXTRACTED_AT, BATCHED_AT, DELETED_AT);

    private MetadataColumns() {}
}
