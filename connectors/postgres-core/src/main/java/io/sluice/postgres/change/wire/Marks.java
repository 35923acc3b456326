package io.sluice.postgres.change.wire;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The small values that say where something stands: names, positions, origins, snapshots. They carry no version of
 * their own; what holds them does.
 */
public final class Marks {
    private Marks() {}

    public static void writeName(TableName name, DataOutput out) throws IOException {
        Text.write(name.schema(), out);
        Text.write(name.table(), out);
    }

    public static TableName readName(DataInput in) throws IOException {
        return new TableName(Text.read(in), Text.read(in));
    }

    public static void writePosition(ChangePosition position, DataOutput out) throws IOException {
        out.writeLong(position.lsn().value());
        out.writeLong(position.ordinal());
    }

    public static ChangePosition readPosition(DataInput in) throws IOException {
        return new ChangePosition(new Lsn(in.readLong()), in.readLong());
    }

    public static void writeOrigin(Origin origin, DataOutput out) throws IOException {
        Text.write(origin.systemId(), out);
        out.writeInt(origin.timeline());
        Text.write(origin.slot(), out);
        Text.write(origin.plugin(), out);
    }

    public static Origin readOrigin(DataInput in) throws IOException {
        return new Origin(Text.read(in), in.readInt(), Text.read(in), Text.read(in));
    }

    public static void writeSnapshot(Snapshot snapshot, DataOutput out) throws IOException {
        Text.write(snapshot.id(), out);
        Text.write(snapshot.visible(), out);
        out.writeLong(snapshot.boundary().value());
        out.writeLong(snapshot.time());
    }

    public static Snapshot readSnapshot(DataInput in) throws IOException {
        return new Snapshot(Text.read(in), Text.read(in), new Lsn(in.readLong()), in.readLong());
    }

    public static void writeChunk(SnapshotChunk chunk, DataOutput out) throws IOException {
        writeSnapshot(chunk.snapshot(), out);
        out.writeInt(chunk.index());
        out.writeInt(chunk.count());
    }

    public static SnapshotChunk readChunk(DataInput in) throws IOException {
        return new SnapshotChunk(readSnapshot(in), in.readInt(), in.readInt());
    }

    public static void writeFormat(ValueFormat format, DataOutput out) throws IOException {
        out.writeByte(format == ValueFormat.BINARY ? 'b' : 't');
    }

    /** @throws IOException when the byte stands for no format */
    public static ValueFormat readFormat(DataInput in) throws IOException {
        int code = in.readUnsignedByte();
        return switch (code) {
            case 'b' -> ValueFormat.BINARY;
            case 't' -> ValueFormat.TEXT;
            default -> throw new IOException("malformed: value format " + code);
        };
    }
}
