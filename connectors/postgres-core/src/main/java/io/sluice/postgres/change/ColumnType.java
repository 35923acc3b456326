package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Objects;

/**
 * A column's type.
 *
 * @param oid {@code pg_attribute.atttypid} on the source
 * @param typmod {@code pg_attribute.atttypmod}, -1 when there is none
 * @param sql the type as {@code format_type(oid, typmod)} prints it, with its schema where it is not in pg_catalog
 * @param baseOid the type's own OID, or for a domain that of the type under it (all the way down)
 * @param traits what the hot path has to know of its values
 */
public record ColumnType(int oid, int typmod, String sql, int baseOid, Traits traits) implements Serializable {

    /**
     * @param binarySafe the binary form means the same on another server (RULES S15: no OID aliases, no types without
     *     send and receive functions, fields and elements included)
     * @param bytewiseEqual two values are equal exactly when their wire bytes are (RULES S16: not numeric, floats,
     *     bpchar, citext, interval, timetz, jsonb, arrays of them, nondeterministic collations, unknown types)
     */
    public record Traits(boolean binarySafe, boolean bytewiseEqual) implements Serializable {}

    public ColumnType {
        Objects.requireNonNull(sql, "sql is null");
        Objects.requireNonNull(traits, "traits is null");
    }
}
