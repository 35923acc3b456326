package io.sluice.flink.example;

import io.sluice.flink.sink.PostgresSink;
import io.sluice.flink.typeinfo.ChangeBatchTypeInfo;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.option.TableMapping;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * A stream of one's own, written into a PostgreSQL table exactly once: the newest temperature of each of ten sensors.
 *
 * <p>What the sink asks of a stream: every change has a position, which grows and is the same when the stream is read
 * again, as the offset of a log is; batches are cut by bucket; and {@link Progress} says how far the stream is.
 */
public final class PostgresSinkExample {
    private static final int BUCKETS = 16;
    private static final TableSchema SENSORS = new TableSchema(
            new TableName("public", "sensors"),
            1,
            List.of(
                    new Column("name", 1, type(25, "text"), 1, true),
                    new Column("celsius", 2, type(701, "double precision"), 0, false)));

    private PostgresSinkExample() {}

    /** Builds the job; the environment has checkpoints. */
    static void build(StreamExecutionEnvironment env, ConnectionSettings target, long measurements) {
        DataStream<ChangeBatch> changes = env.fromSource(
                        new NumberSequenceSource(1, measurements), WatermarkStrategy.noWatermarks(), "measurements")
                .setParallelism(1)
                .uid("measurements")
                .map(Measurement::numbered)
                .setParallelism(1)
                .uid("measure")
                .flatMap(new ToChanges())
                .returns(ChangeBatchTypeInfo.INSTANCE)
                .setParallelism(1)
                .uid("changes");
        PostgresSink sink = PostgresSink.builder()
                .connection(target)
                .options(new ApplyOptions(
                        "sensors",
                        "_sluice",
                        TableMapping.SAME_NAME,
                        new RowOptions(DeleteMode.KEEP, TruncateMode.APPLY, KeyPolicy.REQUIRED, ForeignRows.MERGE),
                        FlushPolicy.DEFAULT))
                .buckets(BUCKETS)
                .build();
        PostgresSink.attach(changes, sink, 2, "example");
    }

    /** One's own type. */
    public record Measurement(long offset, String sensor, double celsius) {
        static Measurement numbered(long offset) {
            return new Measurement(offset, "sensor " + offset % 10, offset / 10.0);
        }
    }

    /** Each measurement as an insert of its sensor's row, which replaces what is there. */
    private static final class ToChanges implements FlatMapFunction<Measurement, ChangeBatch> {
        private static final long serialVersionUID = 1;
        private static final Origin ORIGIN = new Origin("measurements", 1, "example", "none");

        @Override
        public void flatMap(Measurement measurement, Collector<ChangeBatch> out) {
            byte[] name = measurement.sensor().getBytes(StandardCharsets.UTF_8);
            byte[] celsius = Double.toString(measurement.celsius()).getBytes(StandardCharsets.US_ASCII);
            byte[] bytes = new byte[name.length + celsius.length];
            System.arraycopy(name, 0, bytes, 0, name.length);
            System.arraycopy(celsius, 0, bytes, name.length, celsius.length);
            Tuple row = new Tuple();
            row.reset(bytes, SENSORS.width());
            row.value(0, 0, name.length);
            row.value(1, name.length, celsius.length);

            Lsn offset = new Lsn(measurement.offset());
            int bucket = new Buckets(BUCKETS).of(SENSORS, row);
            RowBatchBuilder batch = new RowBatchBuilder(SENSORS, bucket, ValueFormat.TEXT);
            batch.add(new ChangePosition(offset, 1), 0, ChangeKind.INSERT, row);
            out.collect(batch.build());
            out.collect(new Progress(bucket, ORIGIN, new ChangePosition(offset, 2)));
        }
    }

    private static ColumnType type(int oid, String sql) {
        return new ColumnType(oid, -1, sql, oid, new ColumnType.Traits(true, true));
    }
}
