package io.sluice.postgres.change.wire;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.ValueFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of every kind: int8 version, int8 kind, int16 bucket, and what the kind holds; rows as one array behind its
 * length.
 *
 * <p>Not thread-safe: it remembers the schemas that it has written and read.
 */
public final class BatchCodec {
    private static final int VERSION = 1;

    private final SchemaCodec schemas = new SchemaCodec();

    public void write(ChangeBatch batch, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        if (batch instanceof RowBatch rows) {
            start('R', batch, out);
            writeRows(rows, out);
        } else if (batch instanceof SnapshotBatch snapshot) {
            start('S', batch, out);
            writeSnapshot(snapshot, out);
        } else if (batch instanceof Truncation truncation) {
            start('T', batch, out);
            out.writeInt(truncation.tables().size());
            for (TableSchema table : truncation.tables()) {
                schemas.write(table, out);
            }
            Marks.writePosition(truncation.position(), out);
            out.writeBoolean(truncation.restartIdentity());
        } else if (batch instanceof KeyChange change) {
            start('K', batch, out);
            Marks.writePosition(change.position(), out);
            out.writeShort(change.rows().bucket());
            writeRows(change.rows(), out);
        } else if (batch instanceof Progress progress) {
            start('P', batch, out);
            Marks.writeOrigin(progress.origin(), out);
            Marks.writePosition(progress.position(), out);
        } else {
            throw new IllegalStateException("a batch of no known kind: " + batch.getClass());
        }
    }

    /** @throws IOException when the version or the kind is unknown, or the bytes end early */
    public ChangeBatch read(DataInput in) throws IOException {
        Versions.expect(VERSION, "a batch of changes", in);
        int kind = in.readUnsignedByte();
        int bucket = in.readUnsignedShort();
        return switch (kind) {
            case 'R' -> readRows(bucket, in);
            case 'S' -> readSnapshot(bucket, in);
            case 'T' -> {
                int count = in.readInt();
                List<TableSchema> tables = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    tables.add(schemas.read(in));
                }
                yield new Truncation(tables, bucket, Marks.readPosition(in), in.readBoolean());
            }
            case 'K' -> {
                var position = Marks.readPosition(in);
                yield new KeyChange(readRows(in.readUnsignedShort(), in), bucket, position);
            }
            case 'P' -> new Progress(bucket, Marks.readOrigin(in), Marks.readPosition(in));
            default -> throw new IOException("malformed: a batch of kind " + kind);
        };
    }

    private static void start(char kind, ChangeBatch batch, DataOutput out) throws IOException {
        out.writeByte(kind);
        out.writeShort(batch.bucket());
    }

    private void writeRows(RowBatch rows, DataOutput out) throws IOException {
        schemas.write(rows.schema(), out);
        Marks.writeFormat(rows.format(), out);
        out.writeInt(rows.rows());
        out.writeInt(rows.length());
        out.write(rows.bytes(), 0, rows.length());
    }

    private RowBatch readRows(int bucket, DataInput in) throws IOException {
        TableSchema schema = schemas.read(in);
        ValueFormat format = Marks.readFormat(in);
        int rows = in.readInt();
        byte[] bytes = Bytes.read(in);
        return new RowBatch(schema, bucket, format, bytes, bytes.length, rows);
    }

    private void writeSnapshot(SnapshotBatch batch, DataOutput out) throws IOException {
        SnapshotBatch.Rows rows = batch.rows();
        schemas.write(batch.schema(), out);
        Marks.writeChunk(batch.chunk(), out);
        Marks.writeFormat(rows.format(), out);
        out.writeLong(rows.first());
        out.writeInt(rows.count());
        out.writeBoolean(rows.last());
        out.writeInt(rows.length());
        out.write(rows.bytes(), 0, rows.length());
    }

    private SnapshotBatch readSnapshot(int bucket, DataInput in) throws IOException {
        TableSchema schema = schemas.read(in);
        SnapshotChunk chunk = Marks.readChunk(in);
        ValueFormat format = Marks.readFormat(in);
        long first = in.readLong();
        int count = in.readInt();
        boolean last = in.readBoolean();
        byte[] bytes = Bytes.read(in);
        return new SnapshotBatch(
                schema, bucket, chunk, new SnapshotBatch.Rows(format, bytes, bytes.length, first, count, last));
    }
}
