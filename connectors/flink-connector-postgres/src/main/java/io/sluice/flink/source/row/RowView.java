package io.sluice.flink.source.row;

import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.RowFormat;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of one row, by the place of their column in the schema or by its name. */
public final class RowView {
    private static final Instant EPOCH_2000 = Instant.parse("2000-01-01T00:00:00Z");

    /** text, varchar, bpchar, name, json, xml: their binary form is their text. */
    private static final Set<Integer> TEXT_TYPES = Set.of(25, 1043, 1042, 19, 114, 142);

    private final TableSchema schema;
    private final ValueFormat format;
    private final Tuple tuple;
    private long time;

    RowView(TableSchema schema, ValueFormat format, Tuple tuple) {
        this.schema = schema;
        this.format = format;
        this.tuple = tuple;
    }

    void at(long time) {
        this.time = time;
    }

    public int width() {
        return schema.width();
    }

    /** Of the commit, or for copied rows of the snapshot. */
    public Instant time() {
        return EPOCH_2000.plus(time, ChronoUnit.MICROS);
    }

    /** SQL NULL; of a deleted row also every value outside its key, unless the table's replica identity is FULL. */
    public boolean isNull(int column) {
        return tuple.length(column) == RowFormat.NULL;
    }

    /** The change did not touch the value, and PostgreSQL did not send it (a large one, stored apart). */
    public boolean isUnchanged(int column) {
        return tuple.isUnchanged(column);
    }

    /**
     * As PostgreSQL prints it; null for NULL.
     *
     * @throws IllegalStateException when the value was not sent, or came in a binary form that is not its text
     */
    public @Nullable String text(int column) {
        if (isNull(column)) {
            return null;
        }
        checkSent(column);
        ColumnType type = schema.columns().get(column).type();
        if (format == ValueFormat.BINARY && !TEXT_TYPES.contains(type.baseOid())) {
            throw new IllegalStateException("column "
                    + schema.columns().get(column).name() + " of " + schema.name() + " came as the binary form of "
                    + type.sql() + "; build the source with values(ValueFormat.TEXT)");
        }
        return new String(tuple.bytes(), tuple.offset(column), tuple.length(column), StandardCharsets.UTF_8);
    }

    public @Nullable String text(String column) {
        return text(index(column));
    }

    /**
     * A copy of the value as it came, in {@link #format}; null for NULL.
     *
     * @throws IllegalStateException when the value was not sent
     */
    public byte @Nullable [] bytes(int column) {
        if (isNull(column)) {
            return null;
        }
        checkSent(column);
        int offset = tuple.offset(column);
        return Arrays.copyOfRange(tuple.bytes(), offset, offset + tuple.length(column));
    }

    public ValueFormat format() {
        return format;
    }

    /** @throws IllegalArgumentException when the table has no such column */
    public int index(String column) {
        for (int i = 0; i < schema.width(); i++) {
            if (schema.columns().get(i).name().equals(column)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no column " + column + " in " + schema.name() + "; it has "
                + String.join(", ", schema.columns().stream().map(Column::name).toList()));
    }

    private void checkSent(int column) {
        if (isUnchanged(column)) {
            throw new IllegalStateException(
                    "column " + schema.columns().get(column).name() + " of " + schema.name()
                            + " did not change and was not sent; ask isUnchanged first, or set REPLICA IDENTITY FULL");
        }
    }
}
