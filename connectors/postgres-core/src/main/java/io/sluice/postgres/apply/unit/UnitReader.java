package io.sluice.postgres.apply.unit;

import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.wire.Marks;
import io.sluice.postgres.change.wire.SchemaCodec;
import io.sluice.postgres.change.wire.Text;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what {@link UnitWriter} wrote. */
final class UnitReader {
    private final DataInputStream in;
    private final SchemaCodec codec = new SchemaCodec();
    private final List<TableSchema> schemas = new ArrayList<>();

    UnitReader(DataInputStream in) {
        this.in = in;
    }

    Unit read() throws IOException {
        String pipeline = Text.read(in);
        UUID incarnation = readId();
        UUID id = readId();
        Unit.End end = readEnd();
        int tables = in.readInt();
        for (int i = 0; i < tables; i++) {
            schemas.add(codec.read(in));
        }
        int count = in.readInt();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(readStep());
        }
        return new Unit(pipeline, incarnation, id, end, steps);
    }

    private Step readStep() throws IOException {
        StepMark mark = StepMark.read(in);
        return switch (mark) {
            case ROWS -> readRows();
            case SNAPSHOT_ROWS ->
                new Step.SnapshotRows(readRows(), Marks.readChunk(in), in.readLong(), in.readLong(), in.readBoolean());
            case KEY_UPDATE -> new Step.KeyUpdate(readBatch(), Marks.readPosition(in));
            case TRUNCATE -> new Step.Truncate(readTables(), Marks.readPosition(in), in.readBoolean());
            default -> throw new IOException("not a unit: " + mark + " where a step begins");
        };
    }

    private Step.Rows readRows() throws IOException {
        TableSchema schema = readSchema();
        ValueFormat format = Marks.readFormat(in);
        Step.Counts counts = new Step.Counts(in.readInt(), in.readInt(), in.readInt(), in.readInt());
        return new Step.Rows(schema, format, counts, readStaged());
    }

    private Staged readStaged() throws IOException {
        StepMark mark = StepMark.read(in);
        if (mark == StepMark.IN_TABLE) {
            return new Staged.InTable(Text.read(in), in.readInt(), in.readLong(), in.readLong());
        }
        if (mark == StepMark.INLINE) {
            byte[] bytes = readBytes();
            return new Staged.Inline(bytes, bytes.length);
        }
        throw new IOException("not a unit: " + mark + " where the place of rows stands");
    }

    private RowBatch readBatch() throws IOException {
        TableSchema schema = readSchema();
        int bucket = in.readInt();
        ValueFormat format = Marks.readFormat(in);
        int rows = in.readInt();
        byte[] bytes = readBytes();
        return new RowBatch(schema, bucket, format, bytes, bytes.length, rows);
    }

    private List<TableSchema> readTables() throws IOException {
        int count = in.readInt();
        List<TableSchema> tables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tables.add(readSchema());
        }
        return tables;
    }

    private Unit.@Nullable End readEnd() throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        return new Unit.End(Marks.readOrigin(in), Marks.readPosition(in));
    }

    private UUID readId() throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private TableSchema readSchema() throws IOException {
        int number = in.readInt();
        if (number < 0 || number >= schemas.size()) {
            throw new IOException("not a unit: schema " + number + " of " + schemas.size());
        }
        return schemas.get(number);
    }

    private byte[] readBytes() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new EOFException("a unit is cut off: " + in.available() + " of " + length + " bytes are there");
        }
        return in.readNBytes(length);
    }
}
