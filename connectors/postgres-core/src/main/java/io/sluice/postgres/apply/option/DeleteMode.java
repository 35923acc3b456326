package io.sluice.postgres.apply.option;

/** What a deleted row of the source does to the target's row. */
public enum DeleteMode {
    /** It stays as it is; the target has no metadata columns. */
    KEEP,
    /** {@code _sdc_deleted_at} is set and the row's data stays. */
    MARK,
    /** It is deleted; the target has metadata columns. */
    REMOVE;

    public boolean metadataColumns() {
        return this != KEEP;
    }
}
