package io.sluice.postgres.apply.unit;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.util.List;
import java.util.Objects;

/**
 * One step of a {@link Unit}. Cuts come to every writer: the steps before a cut's position are applied for all
 * writers, then the cut once, then what follows it (RULES F6).
 */
public sealed interface Step {
    /**
     * Rows of one table, each key at most once when keys compare as bytes, in {@link StagingLayout}.
     *
     * @param format of the values; TEXT values are staged as text and cast by the merge
     */
    record Rows(TableSchema schema, ValueFormat format, Counts counts, Staged staged) implements Step {
        public Rows {
            Objects.requireNonNull(schema, "schema is null");
            Objects.requireNonNull(format, "format is null");
            Objects.requireNonNull(counts, "counts is null");
            Objects.requireNonNull(staged, "staged is null");
        }
    }

    /**
     * Rows of a snapshot chunk that could not go straight into the target; their kind is INSERT, their ordinal is their
     * number in the chunk.
     *
     * @param first number of the first row
     * @param end number after the last row
     * @param last true when no row of the chunk follows
     */
    record SnapshotRows(Rows rows, SnapshotChunk chunk, long first, long end, boolean last) implements Step {
        public SnapshotRows {
            Objects.requireNonNull(rows, "rows is null");
            Objects.requireNonNull(chunk, "chunk is null");
        }
    }

    /** A cut: a change of key that lacks TOAST values; MOVED with the old key, then UPDATE with the new row. */
    record KeyUpdate(RowBatch rows, ChangePosition position) implements Step {
        public KeyUpdate {
            Objects.requireNonNull(rows, "rows is null");
            Objects.requireNonNull(position, "position is null");
        }
    }

    /** A cut: a TRUNCATE. */
    record Truncate(List<TableSchema> tables, ChangePosition position, boolean restartIdentity) implements Step {
        public Truncate {
            tables = List.copyOf(tables);
            Objects.requireNonNull(position, "position is null");
        }
    }

    /**
     * What is in the rows, so that statements that would find nothing are left out and updates can be counted.
     *
     * @param inserts rows of which the writer saw the INSERT: the target had no such key before
     * @param updates rows that the target had before
     * @param deletes DELETE and MOVED
     * @param incomplete rows among the updates with at least one unchanged value
     */
    record Counts(int inserts, int updates, int deletes, int incomplete) {
        public int rows() {
            return inserts + updates + deletes;
        }
    }

    /** Where the rows are. */
    sealed interface Staged {
        /**
         * In a staging table that belongs to this unit alone (RULES F7).
         *
         * @param table its name in the staging schema
         * @param segment the value of its segment column
         * @param firstBlock block of the table where the segment's rows may begin
         * @param endBlock block after the last one that may hold rows of the segment
         */
        record InTable(String table, int segment, long firstBlock, long endBlock) implements Staged {
            public InTable {
                Objects.requireNonNull(table, "table is null");
            }
        }

        /**
         * In the committable itself: rows of COPY binary in {@link StagingLayout}, without header and trailer.
         *
         * @param bytes from index 0; only the first {@code length} count
         */
        record Inline(byte[] bytes, int length) implements Staged {}
    }
}
