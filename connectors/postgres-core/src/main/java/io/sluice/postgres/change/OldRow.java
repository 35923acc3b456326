package io.sluice.postgres.change;

/** How much of the old row a change brings along; the table's REPLICA IDENTITY decides. */
public enum OldRow {
    NONE,
    /** Its key, because the key changed or the row was deleted. */
    KEY,
    /** All of it (REPLICA IDENTITY FULL). */
    FULL
}
