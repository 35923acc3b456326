package io.sluice.postgres.change;

/**
 * The fixed number of parts into which changes are cut by key (RULES S7). A key always falls into the same bucket;
 * which writer takes a bucket is the partitioner's business.
 */
public record Buckets(int count) implements java.io.Serializable {
    public Buckets {
        if (count < 1 || count > Short.MAX_VALUE) {
            throw new IllegalArgumentException("number of buckets out of 1 to " + Short.MAX_VALUE + ": " + count);
        }
    }

    /** By key when keys compare as bytes, else one bucket for the whole table, so that order decides (RULES S16, S6). */
    public int of(TableSchema schema, Tuple row) {
        return schema.bytewiseKey() ? reduce(KeyHash.of(schema, row)) : of(schema);
    }

    /** The bucket of everything of a table that has no order by key: keyless rows, keys that do not compare as bytes. */
    public int of(TableSchema schema) {
        return reduce(schema.name().hashCode() * 0x9E3779B9);
    }

    /** The bucket of one chunk of a table's snapshot: all its rows go to one writer, in order. */
    public int of(TableSchema schema, int chunk) {
        return reduce((schema.name().hashCode() + chunk) * 0x9E3779B9);
    }

    private int reduce(int hash) {
        return (int) ((hash & 0xFFFF_FFFFL) * count >>> 32);
    }
}
