package io.sluice.postgres.change;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What is needed to read a table's rows: its name and captured columns in {@code attnum} order.
 *
 * <p>The key is the primary key, or the columns of the index that is the table's replica identity; a table without
 * either is keyless. Two schemas with the same {@link #fingerprint()} describe the same rows: receivers intern by it
 * and do not parse a schema that they know.
 */
public final class TableSchema implements Serializable {
    private static final long serialVersionUID = 1;

    private final TableName name;
    private final int relationOid;
    private final List<Column> columns;
    private final int[] key;
    private final boolean bytewiseKey;
    private final long fingerprint;

    /**
     * @param relationOid {@code pg_class.oid} on the source
     * @throws IllegalArgumentException when key ordinals are not 1..n, each once, or there are no columns
     */
    public TableSchema(TableName name, int relationOid, List<Column> columns) {
        this.name = Objects.requireNonNull(name, "name is null");
        this.relationOid = relationOid;
        this.columns = List.copyOf(columns);
        this.key = IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).inKey())
                .boxed()
                .sorted((a, b) -> Integer.compare(
                        columns.get(a).keyOrdinal(), columns.get(b).keyOrdinal()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < key.length; i++) {
            if (columns.get(key[i]).keyOrdinal() != i + 1) {
                throw new IllegalArgumentException("key ordinals of " + name + " are not 1 to " + key.length);
            }
        }
        // Asked for every row.
        this.bytewiseKey = key.length > 0
                && Arrays.stream(key)
                        .allMatch(i -> this.columns.get(i).type().traits().bytewiseEqual());
        this.fingerprint = computeFingerprint();
    }

    public TableName name() {
        return name;
    }

    public int relationOid() {
        return relationOid;
    }

    public List<Column> columns() {
        return columns;
    }

    public int width() {
        return columns.size();
    }

    public boolean keyed() {
        return key.length > 0;
    }

    public int keyWidth() {
        return key.length;
    }

    /** Index into {@link #columns()} of the key's column {@code i}, counted from 0, in key order. */
    public int keyColumn(int i) {
        return key[i];
    }

    /** True when keys can be hashed and compared as bytes (RULES S16); false for keyless tables. */
    public boolean bytewiseKey() {
        return bytewiseKey;
    }

    /** True when every column may travel in its binary form (RULES S15). */
    public boolean binarySafe() {
        return columns.stream().allMatch(c -> c.type().traits().binarySafe());
    }

    public long fingerprint() {
        return fingerprint;
    }

    private long computeFingerprint() {
        Fingerprint f = new Fingerprint();
        f.add(name.schema());
        f.add(name.table());
        f.add(relationOid);
        f.add(columns.size());
        for (Column c : columns) {
            f.add(c.name());
            f.add(c.attnum());
            f.add(c.type().oid());
            f.add(c.type().typmod());
            f.add(c.type().sql());
            f.add(c.type().baseOid());
            f.add(c.type().traits().binarySafe() ? 1 : 0);
            f.add(c.type().traits().bytewiseEqual() ? 1 : 0);
            f.add(c.keyOrdinal());
            f.add(c.notNull() ? 1 : 0);
        }
        return f.value();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableSchema that
                && fingerprint == that.fingerprint
                && relationOid == that.relationOid
                && name.equals(that.name)
                && columns.equals(that.columns);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fingerprint);
    }

    @Override
    public String toString() {
        return name + "(" + String.join(", ", columns.stream().map(Column::name).toList()) + ")";
    }
}
