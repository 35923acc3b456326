package io.sluice.postgres.wal2json;

import io.sluice.postgres.change.TableName;
import org.jspecify.annotations.Nullable;

/** Makes one object per table of names that come with every row: a small cache in which a table has one place. */
final class TableNames {
    private static final int PLACES = 256;

    private final @Nullable TableName[] places = new TableName[PLACES];
    private char[] schema = new char[64];
    private int schemaLength;

    void schema(char[] chars, int offset, int length) {
        if (schema.length < length) {
            schema = new char[length];
        }
        System.arraycopy(chars, offset, schema, 0, length);
        schemaLength = length;
    }

    /** The table of that name in the schema that was named last. */
    TableName table(char[] chars, int offset, int length) {
        int place = (31 * hash(schema, 0, schemaLength) + hash(chars, offset, length)) & (PLACES - 1);
        TableName known = places[place];
        if (known != null
                && same(known.schema(), schema, 0, schemaLength)
                && same(known.table(), chars, offset, length)) {
            return known;
        }
        TableName made = new TableName(new String(schema, 0, schemaLength), new String(chars, offset, length));
        places[place] = made;
        return made;
    }

    static boolean same(String text, char[] chars, int offset, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != chars[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(char[] chars, int offset, int length) {
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + chars[i];
        }
        // The lowest bits choose the place, and names often differ in their last character only.
        return hash ^ hash >>> 16;
    }
}
