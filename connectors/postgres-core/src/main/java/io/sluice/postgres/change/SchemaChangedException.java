package io.sluice.postgres.change;

/** A table's rows no longer look as its captured schema says. */
public final class SchemaChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SchemaChangedException(TableName table, String change) {
        super("table " + table + " has changed: " + change + "; its columns must be read again before its rows can be");
    }
}
