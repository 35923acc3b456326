package io.sluice.flink.source.enumerator;

import io.sluice.flink.source.split.SessionCodec;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.wire.Marks;
import io.sluice.postgres.change.wire.SchemaCodec;
import io.sluice.postgres.replication.SlotSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/** The enumerator in checkpoints. Flink puts version and length before the bytes. */
public final class EnumeratorStateSerializer implements SimpleVersionedSerializer<EnumeratorState> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(EnumeratorState state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        if (state instanceof EnumeratorState.Preparing) {
            out.writeByte('p');
        } else if (state instanceof EnumeratorState.Started started) {
            out.writeByte('s');
            writeStarted(started, out);
        } else {
            throw new IllegalStateException("a state of no known kind: " + state.getClass());
        }
        return bytes.toByteArray();
    }

    @Override
    public EnumeratorState deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("enumerator state of version " + version + ", this Sluice reads version " + VERSION
                    + "; restore with the release that wrote it, or a newer one");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int kind = in.readUnsignedByte();
        EnumeratorState state =
                switch (kind) {
                    case 'p' -> new EnumeratorState.Preparing();
                    case 's' -> readStarted(in);
                    default -> throw new IOException("malformed: enumerator state of kind " + kind);
                };
        if (in.available() > 0) {
            throw new IOException("malformed: " + in.available() + " bytes after the enumerator's state");
        }
        return state;
    }

    private static void writeStarted(EnumeratorState.Started started, DataOutputStream out) throws IOException {
        StreamStart stream = started.stream();
        out.writeBoolean(stream != null);
        if (stream != null) {
            SessionCodec.write(stream.session(), out);
            Marks.writeOrigin(stream.origin(), out);
            Marks.writePosition(stream.position(), out);
            Lsn stop = stream.stop();
            out.writeBoolean(stop != null);
            if (stop != null) {
                out.writeLong(stop.value());
            }
        }
        out.writeInt(started.tables().size());
        for (TableState table : started.tables()) {
            new SchemaCodec().write(table.schema(), out);
            writeProgress(table.progress(), out);
        }
        out.writeBoolean(started.streaming());
        out.writeBoolean(started.ended());
    }

    private static EnumeratorState.Started readStarted(DataInputStream in) throws IOException {
        StreamStart stream = in.readBoolean() ? readStream(in) : null;
        List<TableState> tables = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            TableSchema schema = new SchemaCodec().read(in);
            tables.add(new TableState(schema, readProgress(in)));
        }
        return new EnumeratorState.Started(stream, tables, in.readBoolean(), in.readBoolean());
    }

    private static StreamStart readStream(DataInputStream in) throws IOException {
        SlotSession session = SessionCodec.read(in);
        Origin origin = Marks.readOrigin(in);
        ChangePosition position = Marks.readPosition(in);
        @Nullable Lsn stop = in.readBoolean() ? new Lsn(in.readLong()) : null;
        return new StreamStart(session, origin, position, stop);
    }

    private static void writeProgress(TableProgress progress, DataOutputStream out) throws IOException {
        if (progress instanceof TableProgress.NotCopied) {
            out.writeByte('n');
        } else if (progress instanceof TableProgress.Waiting) {
            out.writeByte('w');
        } else if (progress instanceof TableProgress.Copying copying) {
            out.writeByte('c');
            Marks.writeSnapshot(copying.snapshot(), out);
            out.writeInt(copying.chunks());
            out.writeInt(copying.done().size());
            for (int chunk : copying.done()) {
                out.writeInt(chunk);
            }
        } else if (progress instanceof TableProgress.Copied copied) {
            out.writeByte('d');
            Marks.writeSnapshot(copied.snapshot(), out);
        } else {
            throw new IllegalStateException("progress of no known kind: " + progress.getClass());
        }
    }

    private static TableProgress readProgress(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 'n' -> new TableProgress.NotCopied();
            case 'w' -> new TableProgress.Waiting();
            case 'c' -> {
                Snapshot snapshot = Marks.readSnapshot(in);
                int chunks = in.readInt();
                Set<Integer> done = new TreeSet<>();
                for (int left = in.readInt(); left > 0; left--) {
                    done.add(in.readInt());
                }
                yield new TableProgress.Copying(snapshot, chunks, done);
            }
            case 'd' -> new TableProgress.Copied(Marks.readSnapshot(in));
            default -> throw new IOException("malformed: progress of kind " + kind);
        };
    }
}
