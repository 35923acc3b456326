package io.sluice.postgres.change;

/** Tells the changes that a table's snapshot holds already from those that are still to be applied. */
@FunctionalInterface
public interface Visibility {
    /** No table was copied: every change counts. */
    Visibility NOTHING_COPIED = (schema, xid, commitLsn) -> false;

    boolean copied(TableSchema schema, long xid, Lsn commitLsn);
}
