package io.sluice.postgres.apply.table;

import java.util.Objects;

/**
 * A column of a target table that takes a source column's values.
 *
 * @param sqlType as {@code format_type} prints it, with its schema where it is not in pg_catalog
 * @param stagedType the type under it without length or precision: a staged row that only names a key has no other
 *     values, which a domain may forbid, and a cast of text to a length would cut it off in silence
 * @param baseOid OID of the type, of a domain that of the type under it; of this server
 */
public record TargetColumn(String name, String sqlType, String stagedType, int baseOid) {
    public TargetColumn {
        Objects.requireNonNull(name, "name is null");
        Objects.requireNonNull(sqlType, "sqlType is null");
        Objects.requireNonNull(stagedType, "stagedType is null");
    }
}
