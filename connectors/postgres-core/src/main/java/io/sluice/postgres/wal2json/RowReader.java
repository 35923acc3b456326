package io.sluice.postgres.wal2json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Reads a {@code columns} or {@code identity} array into a tuple. */
final class RowReader {
    private static final int BYTEA = 17;
    private static final int IGNORED = -1;

    private final Utf8Values values;

    RowReader(Utf8Values values) {
        this.values = values;
    }

    /**
     * Columns that the array does not have are left as unchanged.
     *
     * @param in before the array
     * @throws SchemaChangedException when it has a column that is neither in the schema nor ignored, or of another type
     */
    void read(JsonParser in, TableSchema schema, Set<String> ignored, Tuple row) throws IOException {
        row.reset(values.bytes(), schema.width());
        for (int i = 0; i < schema.width(); i++) {
            row.setUnchanged(i);
        }
        if (in.nextToken() != JsonToken.START_ARRAY) {
            throw Json.malformed(in, "expected an array of columns");
        }
        for (int place = 0; in.nextToken() == JsonToken.START_OBJECT; place++) {
            column(in, schema, ignored, place, row);
        }
        if (in.currentToken() != JsonToken.END_ARRAY) {
            throw Json.malformed(in, "expected a column or the end of the array");
        }
    }

    private void column(JsonParser in, TableSchema schema, Set<String> ignored, int place, Tuple row)
            throws IOException {
        if (!"name".equals(in.nextFieldName()) || in.nextToken() != JsonToken.VALUE_STRING) {
            throw Json.malformed(in, "a column does not begin with its name");
        }
        int field = field(in, schema, ignored, place);
        boolean typed = false;
        int typeOid = 0;
        boolean valued = false;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken token = in.nextToken();
            if (name.equals("typeoid")) {
                typed = true;
                typeOid = (int) in.getLongValue();
            } else if (name.equals("value")) {
                valued = true;
                if (field != IGNORED) {
                    value(in, token, schema.columns().get(field), field, row);
                }
            } else {
                in.skipChildren();
            }
        }
        if (!typed || !valued) {
            throw Json.malformed(
                    in, "a column without its " + (typed ? "value" : "type: the session needs include-type-oids"));
        }
        if (field != IGNORED) {
            checkType(schema, schema.columns().get(field), typeOid);
        }
    }

    private void value(JsonParser in, JsonToken token, Column column, int field, Tuple row) throws IOException {
        int start = values.length();
        switch (token) {
            case VALUE_NULL -> {
                row.setNull(field);
                return;
            }
            case VALUE_TRUE -> values.ascii('t');
            case VALUE_FALSE -> values.ascii('f');
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> text(in);
            case VALUE_STRING -> {
                // Of plain bytea alone the plugin cuts off the prefix, domains and arrays keep it.
                if (column.type().oid() == BYTEA) {
                    values.hexPrefix();
                }
                text(in);
            }
            default -> throw Json.malformed(in, "a value is " + token);
        }
        row.value(field, start, values.length() - start);
    }

    private void text(JsonParser in) throws IOException {
        if (!values.chars(in.getTextCharacters(), in.getTextOffset(), in.getTextLength())) {
            throw Json.malformed(in, "half of a surrogate pair");
        }
    }

    private static void checkType(TableSchema schema, Column column, int typeOid) {
        if (column.type().oid() != typeOid) {
            throw new SchemaChangedException(
                    schema.name(),
                    "column \"" + column.name() + "\" is no longer "
                            + column.type().sql());
        }
    }

    private static int field(JsonParser in, TableSchema schema, Set<String> ignored, int likely) throws IOException {
        char[] chars = in.getTextCharacters();
        int offset = in.getTextOffset();
        int length = in.getTextLength();
        List<Column> columns = schema.columns();
        if (likely < columns.size() && TableNames.same(columns.get(likely).name(), chars, offset, length)) {
            return likely;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (TableNames.same(columns.get(i).name(), chars, offset, length)) {
                return i;
            }
        }
        for (String name : ignored) {
            if (TableNames.same(name, chars, offset, length)) {
                return IGNORED;
            }
        }
        throw new SchemaChangedException(schema.name(), "column \"" + new String(chars, offset, length) + "\" is new");
    }
}
