package io.sluice.postgres.apply.stage;

import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.CopyTarget;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Makes closed segments durable: in a staging table, or inside the unit when they are small.
 *
 * <p>Not thread-safe.
 */
public final class Stager {
    /**
     * Rows after which a table takes no further segment. The server puts rows wherever pages have room (16 and later
     * extend tables by many pages and fill them at the next COPY), so a segment is found by reading its whole table; a
     * table for each segment would cost more in catalog changes and TRUNCATE.
     */
    private static final int FULL_TABLE_ROWS = 30_000;

    private final Connection connection;
    private final StagingTables tables;
    private final Map<TableName, Open> open = new HashMap<>();
    private UUID unit;

    private record Open(String name, TargetTable target, ValueFormat format, int rows) {}

    /** @param connection in auto-commit mode, with durable commits */
    public Stager(Connection connection, String schema, String pipeline, UUID incarnation, UUID unit) {
        this.connection = connection;
        this.tables = new StagingTables(schema, pipeline, incarnation);
        this.unit = unit;
    }

    /** Segments from now on are of another unit. */
    public void begin(UUID unit) {
        this.unit = unit;
        open.clear();
    }

    /** True when rows of this source table lie in a staging table of the unit. */
    public boolean holds(TableName source) {
        return open.containsKey(source);
    }

    /** Copies a segment into a staging table; committed when this returns. */
    public Staged.InTable stage(TargetTable target, ValueFormat format, int number, Segment segment)
            throws SQLException {
        Open table = table(target, format);
        try (CopyTarget copy = CopyTarget.binary(connection, tables.copyInto(table.name()))) {
            segment.writeTo(copy::write);
            copy.finish();
        }
        int rows = table.rows() + segment.rows();
        open.put(target.source().name(), new Open(table.name(), target, format, rows));
        return new Staged.InTable(table.name(), number, 0, tables.blocks(connection, table.name()));
    }

    /** A segment as bytes. */
    public static Staged.Inline inline(Segment segment) throws SQLException {
        byte[] bytes = new byte[Math.toIntExact(segment.bytes())];
        int[] filled = {0};
        segment.writeTo((from, offset, length) -> {
            System.arraycopy(from, offset, bytes, filled[0], length);
            filled[0] += length;
        });
        return new Staged.Inline(bytes, filled[0]);
    }

    private Open table(TargetTable target, ValueFormat format) throws SQLException {
        Open table = open.get(target.source().name());
        if (table == null
                || table.rows() >= FULL_TABLE_ROWS
                || table.format() != format
                || !table.target().stagedTypes(format).equals(target.stagedTypes(format))) {
            return new Open(tables.take(connection, target, format, unit), target, format, 0);
        }
        return table;
    }
}
