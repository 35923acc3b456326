package io.sluice.postgres.apply.unit;

import io.sluice.postgres.apply.unit.Step.Staged;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.wire.Marks;
import io.sluice.postgres.change.wire.SchemaCodec;
import io.sluice.postgres.change.wire.Text;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what {@link UnitReader} reads. */
final class UnitWriter {
    private final DataOutputStream out;
    private final Map<TableSchema, Integer> numbers = new LinkedHashMap<>();

    UnitWriter(DataOutputStream out, List<Step> steps) {
        this.out = out;
        steps.forEach(this::number);
    }

    void write(Unit unit) throws IOException {
        Text.write(unit.pipeline(), out);
        writeId(unit.incarnation());
        writeId(unit.id());
        writeEnd(unit.end());
        SchemaCodec codec = new SchemaCodec();
        out.writeInt(numbers.size());
        for (TableSchema schema : numbers.keySet()) {
            codec.write(schema, out);
        }
        out.writeInt(unit.steps().size());
        for (Step step : unit.steps()) {
            writeStep(step);
        }
    }

    private void number(Step step) {
        if (step instanceof Step.Rows rows) {
            number(rows.schema());
        } else if (step instanceof Step.SnapshotRows rows) {
            number(rows.rows().schema());
        } else if (step instanceof Step.KeyUpdate update) {
            number(update.rows().schema());
        } else if (step instanceof Step.Truncate truncate) {
            truncate.tables().forEach(this::number);
        }
    }

    private void number(TableSchema schema) {
        numbers.putIfAbsent(schema, numbers.size());
    }

    private void writeStep(Step step) throws IOException {
        if (step instanceof Step.Rows rows) {
            StepMark.ROWS.write(out);
            writeRows(rows);
        } else if (step instanceof Step.SnapshotRows rows) {
            StepMark.SNAPSHOT_ROWS.write(out);
            writeRows(rows.rows());
            Marks.writeChunk(rows.chunk(), out);
            out.writeLong(rows.first());
            out.writeLong(rows.end());
            out.writeBoolean(rows.last());
        } else if (step instanceof Step.KeyUpdate update) {
            StepMark.KEY_UPDATE.write(out);
            writeBatch(update.rows());
            Marks.writePosition(update.position(), out);
        } else if (step instanceof Step.Truncate truncate) {
            StepMark.TRUNCATE.write(out);
            out.writeInt(truncate.tables().size());
            for (TableSchema table : truncate.tables()) {
                writeSchema(table);
            }
            Marks.writePosition(truncate.position(), out);
            out.writeBoolean(truncate.restartIdentity());
        } else {
            throw new IllegalStateException("no format for a step of " + step.getClass());
        }
    }

    private void writeRows(Step.Rows rows) throws IOException {
        writeSchema(rows.schema());
        Marks.writeFormat(rows.format(), out);
        out.writeInt(rows.counts().inserts());
        out.writeInt(rows.counts().updates());
        out.writeInt(rows.counts().deletes());
        out.writeInt(rows.counts().incomplete());
        if (rows.staged() instanceof Staged.InTable place) {
            StepMark.IN_TABLE.write(out);
            Text.write(place.table(), out);
            out.writeInt(place.segment());
            out.writeLong(place.firstBlock());
            out.writeLong(place.endBlock());
        } else if (rows.staged() instanceof Staged.Inline inline) {
            StepMark.INLINE.write(out);
            writeBytes(inline.bytes(), inline.length());
        } else {
            throw new IllegalStateException(
                    "no format for rows in " + rows.staged().getClass());
        }
    }

    private void writeBatch(RowBatch batch) throws IOException {
        writeSchema(batch.schema());
        out.writeInt(batch.bucket());
        Marks.writeFormat(batch.format(), out);
        out.writeInt(batch.rows());
        writeBytes(batch.bytes(), batch.length());
    }

    private void writeEnd(Unit.@Nullable End end) throws IOException {
        out.writeBoolean(end != null);
        if (end != null) {
            Marks.writeOrigin(end.origin(), out);
            Marks.writePosition(end.position(), out);
        }
    }

    private void writeId(UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private void writeSchema(TableSchema schema) throws IOException {
        Integer number = numbers.get(schema);
        if (number == null) {
            throw new IllegalStateException(schema + " has no number");
        }
        out.writeInt(number);
    }

    private void writeBytes(byte[] bytes, int length) throws IOException {
        out.writeInt(length);
        out.write(bytes, 0, length);
    }
}
