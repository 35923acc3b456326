package io.sluice.postgres.sql;

import io.sluice.postgres.change.TableName;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the text of a merge depends on.
 *
 * @param columns of the target, as c0, c1, ... in the staged rows
 * @param key in key order; empty for a table whose rows are only appended
 * @param cast true when the staged values are text
 * @param lastByPosition true when a key may come several times, because keys do not compare as bytes (RULES S16)
 */
public record MergeShape(
        TableName table, List<Column> columns, List<Key> key, Deletes deletes, boolean cast, boolean lastByPosition) {
    public record Column(String name, String type) {}

    /**
     * @param column index into the columns
     * @param operator equality of the key's index, as {@code OPERATOR("schema".=)}
     */
    public record Key(int column, String operator) {}

    /** What a deletion does; unless it is KEEP, the table has the metadata columns. */
    public enum Deletes {
        KEEP,
        MARK,
        REMOVE;

        boolean metadata() {
            return this != KEEP;
        }
    }

    public MergeShape {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** The same rows into another table. */
    public MergeShape into(TableName other) {
        return new MergeShape(other, columns, key, deletes, cast, lastByPosition);
    }

    public boolean keyed() {
        return !key.isEmpty();
    }

    public List<String> keyNames() {
        return key.stream().map(k -> columns.get(k.column()).name()).toList();
    }

    /**
     * Indexes of the columns that an update sets. A key that compares as bytes is the same already; another may be
     * equal and yet be written differently.
     */
    List<Integer> settable() {
        return IntStream.range(0, columns.size())
                .filter(i -> lastByPosition || key.stream().noneMatch(k -> k.column() == i))
                .boxed()
                .toList();
    }
}
