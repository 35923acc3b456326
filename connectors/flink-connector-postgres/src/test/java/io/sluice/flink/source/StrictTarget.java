package io.sluice.flink.source;

import io.sluice.flink.source.row.RowDeserializer;
import io.sluice.flink.source.row.RowView;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowCursor;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.TableSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.Collector;

/**
 * A target in Flink's state, at parallelism 1: what it has at the end it was given exactly once, or it says what came
 * twice, not at all or out of order, also where that would heal. Rows of another snapshot than before take the place of
 * the earlier one's (RULES F4).
 */
final class StrictTarget extends RichFlatMapFunction<ChangeBatch, String> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;
    private static final Map<String, byte[]> PUBLISHED = new ConcurrentHashMap<>();

    private final String test;
    private transient Content content;
    private transient ListState<byte[]> state;

    /** Rows by table: those with a key by it, the others with their number. */
    static final class Content implements Serializable {
        private static final long serialVersionUID = 1;

        final TreeMap<String, TreeMap<String, String>> keyed = new TreeMap<>();
        final TreeMap<String, TreeMap<String, Integer>> keyless = new TreeMap<>();
        final List<String> faults = new ArrayList<>();
        final HashMap<String, Snapshot> snapshots = new HashMap<>();
        final HashMap<String, Long> nextOfChunk = new HashMap<>();
        ChangePosition position = ChangePosition.ZERO;
        Origin origin;
        int snapshotsTakenBack;
        int chunksHalfReadAtRestore;
        long changes;

        List<String> rows(String table) {
            List<String> rows =
                    new ArrayList<>(keyed.getOrDefault(table, new TreeMap<>()).values());
            keyless.getOrDefault(table, new TreeMap<>()).forEach((row, times) -> {
                for (int i = 0; i < times; i++) {
                    rows.add(row);
                }
            });
            rows.sort(null);
            return rows;
        }
    }

    StrictTarget(String test) {
        this.test = test;
        PUBLISHED.put(test, bytes(new Content()));
    }

    /** As of the latest checkpoint, or of the end. */
    static Content of(String test) {
        return content(PUBLISHED.get(test));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        state = context.getOperatorStateStore()
                .getListState(
                        new ListStateDescriptor<>("content", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        content = new Content();
        for (byte[] bytes : state.get()) {
            content = content(bytes);
            content.chunksHalfReadAtRestore += (int)
                    content.nextOfChunk.values().stream().filter(n -> n > 0).count();
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        byte[] bytes = bytes(content);
        state.update(List.of(bytes));
        PUBLISHED.put(test, bytes);
    }

    @Override
    public void close() {
        PUBLISHED.put(test, bytes(content));
    }

    @Override
    public void flatMap(ChangeBatch batch, Collector<String> out) throws Exception {
        if (batch instanceof SnapshotBatch snapshot) {
            begin(snapshot);
        } else if (batch instanceof RowBatch rows) {
            inOrder(rows);
        } else if (batch instanceof Progress progress) {
            content.position = progress.position();
            content.origin = progress.origin();
        }
        List<Line> lines = new ArrayList<>();
        new Lines().deserialize(batch, new ListCollector<>(lines));
        for (Line line : lines) {
            apply(line, !(batch instanceof SnapshotBatch));
        }
    }

    private void begin(SnapshotBatch batch) {
        String table = batch.schema().name().toString();
        String id = batch.chunk().snapshot().id();
        Snapshot before = content.snapshots.put(table, batch.chunk().snapshot());
        if (before != null && !before.id().equals(id)) {
            content.snapshotsTakenBack++;
            content.keyed.remove(table);
            content.keyless.remove(table);
        }
        String chunk = id + "/" + table + "/" + batch.chunk().index();
        long expected = content.nextOfChunk.getOrDefault(chunk, 0L);
        if (batch.rows().first() != expected) {
            content.faults.add("row " + batch.rows().first() + " of chunk " + chunk + " instead of " + expected);
        }
        content.nextOfChunk.put(
                chunk,
                batch.rows().last() ? -1 : batch.rows().first() + batch.rows().count());
    }

    private void inOrder(RowBatch rows) {
        RowCursor cursor = new RowCursor(rows);
        ChangePosition last = ChangePosition.ZERO;
        while (cursor.next()) {
            if (last.isAfter(cursor.position())) {
                content.faults.add(cursor.position() + " after " + last);
            }
            last = cursor.position();
        }
    }

    private void apply(Line line, boolean change) {
        content.changes += change ? 1 : 0;
        if (line.kind == null) {
            content.keyed.remove(line.table);
            content.keyless.remove(line.table);
            return;
        }
        if (line.key == null) {
            content.keyless.computeIfAbsent(line.table, t -> new TreeMap<>()).merge(line.row, 1, Integer::sum);
            return;
        }
        TreeMap<String, String> rows = content.keyed.computeIfAbsent(line.table, t -> new TreeMap<>());
        boolean present = rows.containsKey(line.key);
        switch (line.kind) {
            case INSERT -> {
                if (present) {
                    content.faults.add("insert of " + line.table + " " + line.key + ", which is there");
                }
                rows.put(line.key, line.row);
            }
            case UPDATE -> {
                if (!present) {
                    content.faults.add("update of " + line.table + " " + line.key + ", which is not there");
                }
                rows.put(line.key, line.row);
            }
            case DELETE, MOVED -> {
                if (rows.remove(line.key) == null) {
                    content.faults.add(line.kind + " of " + line.table + " " + line.key + ", which is not there");
                }
            }
        }
    }

    private static byte[] bytes(Content content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ObjectOutputStream out = new ObjectOutputStream(bytes);
            out.writeObject(content);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Content content(byte[] bytes) {
        try {
            return (Content) new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Line(String table, ChangeKind kind, String key, String row) {}

    private static final class Lines extends RowDeserializer<Line> {
        private static final long serialVersionUID = 1;

        @Override
        protected Line row(TableSchema schema, ChangeKind kind, RowView row) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.width(); i++) {
                text.append(i == 0 ? "" : "|").append(row.text(i));
            }
            String key = schema.keyed() ? row.text(schema.keyColumn(0)) : null;
            return new Line(schema.name().toString(), kind, key, text.toString());
        }

        @Override
        protected Line truncated(TableSchema schema) {
            return new Line(schema.name().toString(), null, null, "");
        }

        @Override
        public TypeInformation<Line> producedType() {
            return Types.GENERIC(Line.class);
        }
    }
}
