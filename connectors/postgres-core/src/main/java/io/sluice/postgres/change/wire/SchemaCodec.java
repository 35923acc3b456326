package io.sluice.postgres.change.wire;

import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Table schemas, the fingerprint first: a reader that knows it returns the schema that it has and parses nothing, a
 * writer encodes each schema once (RULES M8).
 *
 * <pre>
 * int8 version, int64 fingerprint, int32 length, that many bytes:
 * text schema, text table, int32 relation oid, int16 columns, for each:
 *   text name, int16 attnum, int32 type oid, int32 typmod, text sql, int32 base oid,
 *   int8 traits (1 binary safe, 2 bytewise equal), int16 key ordinal, int8 not null
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class SchemaCodec {
    private static final int VERSION = 1;
    private static final int BINARY_SAFE = 1;
    private static final int BYTEWISE_EQUAL = 2;

    private final Map<Long, TableSchema> known = new HashMap<>();
    private final Map<TableSchema, byte[]> encoded = new HashMap<>();

    public void write(TableSchema schema, DataOutput out) throws IOException {
        byte[] bytes = encoded.get(schema);
        if (bytes == null) {
            bytes = encode(schema);
            encoded.put(schema, bytes);
        }
        out.writeByte(VERSION);
        out.writeLong(schema.fingerprint());
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * The same object for the same fingerprint.
     *
     * @throws IOException when the version is unknown or the bytes are not those of the fingerprint
     */
    public TableSchema read(DataInput in) throws IOException {
        Versions.expect(VERSION, "a table schema", in);
        long fingerprint = in.readLong();
        int length = Bytes.length(in);
        TableSchema schema = known.get(fingerprint);
        if (schema != null) {
            Bytes.skip(in, length);
            return schema;
        }
        schema = decode(in);
        if (schema.fingerprint() != fingerprint) {
            throw new IOException("malformed: the schema of " + schema.name() + " has fingerprint "
                    + schema.fingerprint() + ", not " + fingerprint);
        }
        known.put(fingerprint, schema);
        return schema;
    }

    private static byte[] encode(TableSchema schema) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        Marks.writeName(schema.name(), out);
        out.writeInt(schema.relationOid());
        out.writeShort(schema.width());
        for (Column column : schema.columns()) {
            ColumnType type = column.type();
            Text.write(column.name(), out);
            out.writeShort(column.attnum());
            out.writeInt(type.oid());
            out.writeInt(type.typmod());
            Text.write(type.sql(), out);
            out.writeInt(type.baseOid());
            out.writeByte((type.traits().binarySafe() ? BINARY_SAFE : 0)
                    | (type.traits().bytewiseEqual() ? BYTEWISE_EQUAL : 0));
            out.writeShort(column.keyOrdinal());
            out.writeBoolean(column.notNull());
        }
        return bytes.toByteArray();
    }

    private static TableSchema decode(DataInput in) throws IOException {
        TableName name = Marks.readName(in);
        int oid = in.readInt();
        int width = in.readUnsignedShort();
        List<Column> columns = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            columns.add(column(in));
        }
        return new TableSchema(name, oid, columns);
    }

    private static Column column(DataInput in) throws IOException {
        String name = Text.read(in);
        int attnum = in.readShort();
        int oid = in.readInt();
        int typmod = in.readInt();
        String sql = Text.read(in);
        int baseOid = in.readInt();
        int traits = in.readUnsignedByte();
        ColumnType type = new ColumnType(
                oid,
                typmod,
                sql,
                baseOid,
                new ColumnType.Traits((traits & BINARY_SAFE) != 0, (traits & BYTEWISE_EQUAL) != 0));
        return new Column(name, attnum, type, in.readUnsignedShort(), in.readBoolean());
    }
}
