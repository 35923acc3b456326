package io.sluice.postgres.pgoutput;

import io.sluice.postgres.change.ChangeReceiver;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.MalformedMessageException;
import io.sluice.postgres.change.OldRow;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes pgoutput messages of protocol version 1, which later versions send too as long as neither streaming nor
 * two-phase decoding is asked for. Rows are handed on as ranges of the message's bytes; nothing is made per row.
 *
 * <p>Not thread-safe: one decoder follows one slot session, whose Relation messages it remembers.
 */
public final class PgOutputDecoder {
    private static final int RESTART_IDENTITY = 2;

    private final ValueFormat format;
    private final SchemaLookup schemas;
    private final ChangeReceiver receiver;
    private final Map<Integer, RelationMapping> relations = new HashMap<>();
    private final MessageReader in = new MessageReader();
    private final Tuple oldRow = new Tuple();
    private final Tuple newRow = new Tuple();

    public PgOutputDecoder(ValueFormat format, SchemaLookup schemas, ChangeReceiver receiver) {
        this.format = format;
        this.schemas = schemas;
        this.receiver = receiver;
    }

    /**
     * Decodes one message.
     *
     * @throws MalformedMessageException when the bytes are not one message of the protocol
     * @throws SchemaChangedException when a captured table's rows look other than its schema says
     */
    public void decode(byte[] bytes, int offset, int length) {
        in.reset(bytes, offset, length);
        byte type = in.int8();
        switch (type) {
            case 'B' -> begin();
            case 'C' -> commit();
            case 'R' -> relation();
            case 'I' -> insert();
            case 'U' -> update();
            case 'D' -> delete();
            case 'T' -> truncate();
            case 'O', 'Y', 'M' -> {
                return; // origins, type names and logical messages change no row
            }
            default -> throw in.malformed("unknown message type '" + (char) type + "'");
        }
        in.expectEnd();
    }

    private void begin() {
        Lsn commitLsn = new Lsn(in.int64());
        long commitTime = in.int64();
        receiver.begin(in.int32() & 0xFFFF_FFFFL, commitLsn, commitTime);
    }

    private void commit() {
        in.int8();
        Lsn commitLsn = new Lsn(in.int64());
        Lsn endLsn = new Lsn(in.int64());
        in.int64();
        receiver.commit(commitLsn, endLsn);
    }

    private void relation() {
        int oid = in.int32();
        String schema = in.string();
        // An empty namespace stands for pg_catalog (manual, Relation message).
        TableName name = new TableName(schema.isEmpty() ? "pg_catalog" : schema, in.string());
        in.int8();
        int width = in.int16();
        List<Relation.Attribute> attributes = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            boolean inIdentity = (in.int8() & 1) != 0;
            attributes.add(new Relation.Attribute(in.string(), in.int32(), in.int32(), inIdentity));
        }
        Relation relation = new Relation(oid, name, attributes);
        TableSchema captured = schemas.find(relation);
        relations.put(oid, new RelationMapping(captured, captured == null ? new int[0] : map(relation, captured)));
    }

    private void insert() {
        RelationMapping relation = target();
        if (relation.schema == null) {
            skip();
            return;
        }
        expect('N');
        row(newRow, relation);
        receiver.insert(relation.schema, newRow);
    }

    private void update() {
        RelationMapping relation = target();
        if (relation.schema == null) {
            skip();
            return;
        }
        OldRow kind = OldRow.NONE;
        byte next = in.int8();
        if (next == 'K' || next == 'O') {
            kind = next == 'K' ? OldRow.KEY : OldRow.FULL;
            row(oldRow, relation);
            next = in.int8();
        }
        if (next != 'N') {
            throw in.malformed("expected a new tuple, found '" + (char) next + "'");
        }
        row(newRow, relation);
        receiver.update(relation.schema, kind, kind == OldRow.NONE ? null : oldRow, newRow);
    }

    private void delete() {
        RelationMapping relation = target();
        if (relation.schema == null) {
            skip();
            return;
        }
        byte next = in.int8();
        if (next != 'K' && next != 'O') {
            throw in.malformed("expected an old tuple, found '" + (char) next + "'");
        }
        row(oldRow, relation);
        receiver.delete(relation.schema, next == 'K' ? OldRow.KEY : OldRow.FULL, oldRow);
    }

    private void truncate() {
        int count = in.int32();
        boolean restartIdentity = (in.int8() & RESTART_IDENTITY) != 0;
        List<TableSchema> tables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TableSchema schema = target().schema;
            if (schema != null) {
                tables.add(schema);
            }
        }
        if (tables.isEmpty()) {
            receiver.skipped();
        } else {
            receiver.truncate(tables, restartIdentity);
        }
    }

    private void skip() {
        in.reset(in.bytes(), in.position(), 0);
        receiver.skipped();
    }

    private RelationMapping target() {
        int oid = in.int32();
        RelationMapping relation = relations.get(oid);
        if (relation == null) {
            throw in.malformed("no Relation message came for relation " + Integer.toUnsignedString(oid));
        }
        return relation;
    }

    private void expect(char tuple) {
        byte found = in.int8();
        if (found != tuple) {
            throw in.malformed("expected tuple '" + tuple + "', found '" + (char) found + "'");
        }
    }

    private void row(Tuple row, RelationMapping relation) {
        int width = in.int16();
        if (width != relation.columns.length) {
            throw in.malformed("a tuple of " + width + " columns, its relation has " + relation.columns.length);
        }
        row.reset(in.bytes(), relation.width());
        for (int i = 0; i < width; i++) {
            int field = relation.columns[i];
            byte kind = in.int8();
            if (kind == 't' || kind == 'b') {
                int length = in.int32();
                int offset = in.take(length);
                if (field >= 0) {
                    checkFormat(kind, relation, field);
                    row.value(field, offset, length);
                }
            } else if (kind == 'u') {
                if (field >= 0) {
                    row.setUnchanged(field);
                }
            } else if (kind != 'n') {
                throw in.malformed("unknown kind of value '" + (char) kind + "'");
            }
        }
    }

    private void checkFormat(byte kind, RelationMapping relation, int field) {
        if (kind != (format == ValueFormat.BINARY ? 'b' : 't')) {
            throw in.malformed("column " + relation.schema + " " + field + " came as '" + (char) kind + "' in a "
                    + format + " session");
        }
    }

    private static int[] map(Relation relation, TableSchema captured) {
        int[] columns = new int[relation.attributes().size()];
        boolean[] found = new boolean[captured.width()];
        for (int i = 0; i < columns.length; i++) {
            Relation.Attribute attribute = relation.attributes().get(i);
            columns[i] = indexOf(captured, attribute, i);
            if (columns[i] < 0) {
                throw new SchemaChangedException(relation.name(), "column \"" + attribute.name() + "\" is new");
            }
            Column column = captured.columns().get(columns[i]);
            if (column.type().oid() != attribute.typeOid()) {
                throw new SchemaChangedException(
                        relation.name(),
                        "column \"" + attribute.name() + "\" is no longer "
                                + column.type().sql());
            }
            found[columns[i]] = true;
        }
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                throw new SchemaChangedException(
                        relation.name(), "column \"" + captured.columns().get(i).name() + "\" is gone");
            }
        }
        return columns;
    }

    private static int indexOf(TableSchema schema, Relation.Attribute attribute, int likely) {
        List<Column> columns = schema.columns();
        if (likely < columns.size() && columns.get(likely).name().equals(attribute.name())) {
            return likely;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(attribute.name())) {
                return i;
            }
        }
        return -1;
    }

    /** A relation's schema, null when it is not captured, and where each of its columns goes. */
    private record RelationMapping(@Nullable TableSchema schema, int[] columns) {
        int width() {
            return schema == null ? 0 : schema.width();
        }
    }
}
