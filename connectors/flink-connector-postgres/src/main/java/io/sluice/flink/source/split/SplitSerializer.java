package io.sluice.flink.source.split;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.wire.Marks;
import io.sluice.postgres.change.wire.SchemaCodec;
import io.sluice.postgres.change.wire.Text;
import io.sluice.postgres.replication.SlotSession;
import io.sluice.postgres.snapshot.CtidRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Splits in checkpoints and on their way to a reader. Flink puts version and length before the bytes. */
public final class SplitSerializer implements SimpleVersionedSerializer<PostgresSplit> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(PostgresSplit split) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        if (split instanceof ChunkSplit chunk) {
            out.writeByte('c');
            writeChunk(chunk, out);
        } else if (split instanceof StreamSplit stream) {
            out.writeByte('s');
            writeStream(stream, out);
        } else {
            throw new IllegalStateException("a split of no known kind: " + split.getClass());
        }
        return bytes.toByteArray();
    }

    @Override
    public PostgresSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("a split of version " + version + ", this Sluice reads version " + VERSION
                    + "; restore with the release that wrote it, or a newer one");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int kind = in.readUnsignedByte();
        PostgresSplit split =
                switch (kind) {
                    case 'c' -> readChunk(in);
                    case 's' -> readStream(in);
                    default -> throw new IOException("malformed: a split of kind " + kind);
                };
        if (in.available() > 0) {
            throw new IOException("malformed: " + in.available() + " bytes after " + split);
        }
        return split;
    }

    private static void writeChunk(ChunkSplit split, DataOutputStream out) throws IOException {
        new SchemaCodec().write(split.schema(), out);
        out.writeLong(split.range().firstBlock());
        out.writeLong(split.range().endBlock());
        Marks.writeChunk(split.chunk(), out);
        Text.write(split.exported(), out);
        out.writeLong(split.emitted());
        out.writeBoolean(split.finished());
    }

    private static ChunkSplit readChunk(DataInputStream in) throws IOException {
        TableSchema schema = new SchemaCodec().read(in);
        CtidRange range = new CtidRange(in.readLong(), in.readLong());
        SnapshotChunk chunk = Marks.readChunk(in);
        return new ChunkSplit(schema, range, chunk, Text.read(in), in.readLong(), in.readBoolean());
    }

    private static void writeStream(StreamSplit split, DataOutputStream out) throws IOException {
        SessionCodec.write(split.session(), out);
        Marks.writeOrigin(split.origin(), out);
        out.writeInt(split.tables().size());
        for (TableSchema table : split.tables()) {
            new SchemaCodec().write(table, out);
        }
        out.writeInt(split.copied().size());
        for (Map.Entry<TableName, Snapshot> copied : new TreeMap<>(split.copied()).entrySet()) {
            Marks.writeName(copied.getKey(), out);
            Marks.writeSnapshot(copied.getValue(), out);
        }
        Marks.writePosition(split.position(), out);
        Lsn stop = split.stop();
        out.writeBoolean(stop != null);
        if (stop != null) {
            out.writeLong(stop.value());
        }
    }

    private static StreamSplit readStream(DataInputStream in) throws IOException {
        SlotSession session = SessionCodec.read(in);
        Origin origin = Marks.readOrigin(in);
        List<TableSchema> tables = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            tables.add(new SchemaCodec().read(in));
        }
        Map<TableName, Snapshot> copied = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            copied.put(Marks.readName(in), Marks.readSnapshot(in));
        }
        ChangePosition position = Marks.readPosition(in);
        return new StreamSplit(
                session, origin, tables, copied, position, in.readBoolean() ? new Lsn(in.readLong()) : null);
    }
}
