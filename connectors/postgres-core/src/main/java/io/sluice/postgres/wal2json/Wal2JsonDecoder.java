package io.sluice.postgres.wal2json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.postgres.change.ChangeReceiver;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.MalformedMessageException;
import io.sluice.postgres.change.OldRow;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decodes messages of wal2json, format version 2, in UTF-8, as a session sends them with {@code include-lsn},
 * {@code include-xids}, {@code include-timestamp}, {@code include-transaction} and {@code include-type-oids}, without
 * {@code include-types} and under the settings that {@code Connections} pins. Values are handed on in
 * {@link io.sluice.postgres.change.ValueFormat#TEXT}, as the types' output functions print them.
 *
 * <p>What the plugin does not tell, nobody can know: NaN and infinities of numeric and float columns are NULL unless
 * {@code numeric-data-types-as-string} is on (2.6); a column that an update lacks has an unchanged TOAST value, or was
 * dropped, which shows at the next insert. Updates and deletes of tables without a key are counted as skipped.
 *
 * <p>Not thread-safe.
 */
public final class Wal2JsonDecoder {
    private final TableLookup tables;
    private final ChangeReceiver receiver;
    private final TableNames names = new TableNames();
    private final Utf8Values values = new Utf8Values();
    private final RowReader rows = new RowReader(values);
    private final Tuple oldRow = new Tuple();
    private final Tuple newRow = new Tuple();

    public Wal2JsonDecoder(TableLookup tables, ChangeReceiver receiver) {
        this.tables = tables;
        this.receiver = receiver;
    }

    /**
     * Decodes one message.
     *
     * @throws MalformedMessageException when the bytes are not one message of the plugin
     * @throws SchemaChangedException when a captured table's rows look other than its schema says
     */
    public void decode(byte[] bytes, int offset, int length) {
        values.reset(length);
        try (JsonParser in = Json.FACTORY.createParser(bytes, offset, length)) {
            message(in);
        } catch (JsonProcessingException e) {
            // Not with its message or as a cause: it quotes the input, which is rows (RULES S24).
            JsonLocation at = e.getLocation();
            throw Json.malformed(at == null ? 0 : at.getByteOffset(), "not the JSON of a message");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read bytes in memory", e);
        }
    }

    private void message(JsonParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT || !"action".equals(in.nextFieldName())) {
            throw Json.malformed(in, "it does not begin with its action: the session needs format-version 2");
        }
        String action = String.valueOf(in.nextTextValue());
        switch (action) {
            case "B" -> begin(in);
            case "C" -> commit(in);
            case "I", "U", "D" -> row(in, action.charAt(0));
            case "T" -> truncate(in);
            case "M" -> in.skipChildren(); // logical messages change no row
            default -> throw Json.malformed(in, "unknown action");
        }
    }

    private void begin(JsonParser in) throws IOException {
        OptionalLong xid = OptionalLong.empty();
        String lsn = null;
        String timestamp = null;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            switch (name) {
                case "xid" -> xid = OptionalLong.of(in.getLongValue());
                case "lsn" -> lsn = in.getText();
                case "timestamp" -> timestamp = in.getText();
                default -> in.skipChildren();
            }
        }
        expectEnd(in);
        if (xid.isEmpty() || lsn == null || timestamp == null) {
            throw Json.malformed(
                    in,
                    "B without xid, lsn or timestamp: the session needs include-xids, include-lsn and"
                            + " include-timestamp");
        }
        receiver.begin(xid.getAsLong(), lsn(in, lsn), time(in, timestamp));
    }

    private void commit(JsonParser in) throws IOException {
        String lsn = null;
        String end = null;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            switch (name) {
                case "lsn" -> lsn = in.getText();
                case "nextlsn" -> end = in.getText();
                default -> in.skipChildren();
            }
        }
        expectEnd(in);
        if (lsn == null || end == null) {
            throw Json.malformed(in, "C without lsn or nextlsn: the session needs include-lsn");
        }
        receiver.commit(lsn(in, lsn), lsn(in, end));
    }

    private void row(JsonParser in, char action) throws IOException {
        TableSchema schema = tables.find(table(in));
        if (schema == null || action != 'I' && !schema.keyed()) {
            receiver.skipped();
            return;
        }
        Set<String> ignored = tables.ignored(schema);
        boolean hasNew = false;
        boolean hasOld = false;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            if (name.equals("columns")) {
                rows.read(in, schema, ignored, newRow);
                hasNew = true;
            } else if (name.equals("identity")) {
                rows.read(in, schema, ignored, oldRow);
                hasOld = true;
            } else {
                in.nextToken();
                in.skipChildren();
            }
        }
        expectEnd(in);
        if (hasNew == (action == 'D') || hasOld == (action == 'I')) {
            throw Json.malformed(
                    in,
                    action + (hasNew ? " with" : " without") + " columns and" + (hasOld ? " with" : " without")
                            + " identity");
        }
        switch (action) {
            case 'I' -> {
                expectComplete(schema, newRow);
                receiver.insert(schema, newRow);
            }
            case 'U' -> receiver.update(schema, identity(schema), oldRow, newRow);
            default -> receiver.delete(schema, identity(schema), oldRow);
        }
    }

    private void truncate(JsonParser in) throws IOException {
        TableSchema schema = tables.find(table(in));
        if (schema == null) {
            receiver.skipped();
        } else {
            receiver.truncate(List.of(schema), false);
        }
    }

    /** Reads up to the table's name, which comes before what is in its rows. */
    private TableName table(JsonParser in) throws IOException {
        boolean hasSchema = false;
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            if (name.equals("schema")) {
                names.schema(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
                hasSchema = true;
            } else if (name.equals("table") && hasSchema) {
                return names.table(in.getTextCharacters(), in.getTextOffset(), in.getTextLength());
            } else {
                in.skipChildren();
            }
        }
        throw Json.malformed(in, "no schema and table");
    }

    /** How much of the old row there is; what there is not becomes NULL, as in the other plugin's key tuples. */
    private OldRow identity(TableSchema schema) {
        OldRow kind = OldRow.FULL;
        for (int i = 0; i < schema.width(); i++) {
            if (oldRow.isUnchanged(i)) {
                Column column = schema.columns().get(i);
                if (column.inKey()) {
                    throw new SchemaChangedException(
                            schema.name(), "key column \"" + column.name() + "\" is not in its replica identity");
                }
                oldRow.setNull(i);
                kind = OldRow.KEY;
            }
        }
        return kind;
    }

    private static void expectComplete(TableSchema schema, Tuple row) {
        for (int i = 0; i < schema.width(); i++) {
            if (row.isUnchanged(i)) {
                throw new SchemaChangedException(
                        schema.name(), "column \"" + schema.columns().get(i).name() + "\" is gone");
            }
        }
    }

    private static void expectEnd(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
            throw Json.malformed(in, "more than one message");
        }
    }

    private static Lsn lsn(JsonParser in, String text) {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw Json.malformed(in, String.valueOf(e.getMessage()));
        }
    }

    private static long time(JsonParser in, String text) {
        try {
            return CommitTime.parse(text);
        } catch (DateTimeException e) {
            throw Json.malformed(in, "timestamp \"" + text + "\": the session needs DateStyle ISO");
        }
    }
}
