package io.sluice.flink.sink;

import io.sluice.flink.sink.commit.CommitMetrics;
import io.sluice.flink.sink.commit.InterruptibleCommitter;
import io.sluice.flink.sink.commit.UnitSerializer;
import io.sluice.flink.sink.gather.Gathering;
import io.sluice.flink.sink.write.BatchWriter;
import io.sluice.flink.sink.write.BucketPartitioner;
import io.sluice.flink.sink.write.WriterMetrics;
import io.sluice.postgres.apply.merge.UnitCommitter;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.apply.write.TargetWriter;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.connection.ConnectionSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes into PostgreSQL tables, each exactly once, all tables of a checkpoint in one transaction.
 *
 * <p>Writers stage; one committer merges, after the checkpoint, and moves the position in the target's ledger in the
 * same transaction (RULES F3). The sink sorts its input to the writers by bucket itself; {@link #attach} gives it the
 * {@code uid} that it needs. It refuses to run where it could not keep its promise: with unaligned or at-least-once
 * checkpoints, and without checkpoints on an unbounded input.
 */
public final class PostgresSink
        implements Sink<ChangeBatch>,
                SupportsCommitter<Unit>,
                SupportsPreWriteTopology<ChangeBatch>,
                SupportsPreCommitTopology<Unit, Unit> {
    private static final long serialVersionUID = 1;

    private final ConnectionSettings connection;
    private final ApplyOptions options;
    private final Buckets buckets;

    private PostgresSink(ConnectionSettings connection, ApplyOptions options, Buckets buckets) {
        this.connection = connection;
        this.options = options;
        this.buckets = buckets;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Ends a stream in the sink.
     *
     * @param writers number of parallel writers
     * @param uidPrefix begins the uid of the sink; its state, the units of a savepoint, is found again by it
     */
    public static DataStreamSink<ChangeBatch> attach(
            DataStream<ChangeBatch> stream, PostgresSink sink, int writers, String uidPrefix) {
        return stream.sinkTo(sink)
                .uid(uidPrefix + "-sink")
                .name("postgres sink " + sink.connection.name())
                .setParallelism(writers);
    }

    @Override
    public CommittingSinkWriter<ChangeBatch, Unit> createWriter(WriterInitContext context) throws IOException {
        TargetWriter writer;
        try {
            writer = TargetWriter.open(connection, application(), options);
        } catch (SQLException e) {
            throw new IOException("cannot write to " + connection.name() + ": " + e.getMessage(), e);
        }
        WriterMetrics metrics = new WriterMetrics(context.metricGroup(), writer);
        return new BatchWriter(writer, options.flush(), context.getProcessingTimeService(), metrics::update);
    }

    @Override
    public Committer<Unit> createCommitter(CommitterInitContext context) {
        return new InterruptibleCommitter(
                options.pipeline(),
                () -> new UnitCommitter(connection, application(), options),
                new CommitMetrics(context.metricGroup()));
    }

    @Override
    public DataStream<ChangeBatch> addPreWriteTopology(DataStream<ChangeBatch> batches) {
        return batches.partitionCustom(new BucketPartitioner(buckets.count()), new BucketOf());
    }

    @Override
    public DataStream<CommittableMessage<Unit>> addPreCommitTopology(DataStream<CommittableMessage<Unit>> units) {
        CheckpointRules.check(units);
        // Two sinks of a job have two pipelines, as they would share a ledger's position else.
        return Gathering.gather(units, UnitSerializer::new, "sluice-gather-" + options.pipeline());
    }

    @Override
    public SimpleVersionedSerializer<Unit> getCommittableSerializer() {
        return new UnitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<Unit> getWriteResultSerializer() {
        return new UnitSerializer();
    }

    private String application() {
        return "sluice " + options.pipeline();
    }

    private static final class BucketOf implements KeySelector<ChangeBatch, Integer> {
        private static final long serialVersionUID = 1;

        @Override
        public Integer getKey(ChangeBatch batch) {
            return batch.bucket();
        }
    }

    /** Collects what a sink needs. */
    public static final class Builder {
        private static final Buckets DEFAULT_BUCKETS = new Buckets(16);

        private @Nullable ConnectionSettings connection;
        private @Nullable ApplyOptions options;
        private Buckets buckets = DEFAULT_BUCKETS;

        private Builder() {}

        /** The target's server; required. */
        public Builder connection(ConnectionSettings settings) {
            this.connection = settings;
            return this;
        }

        /** How rows are written; required. */
        public Builder options(ApplyOptions applyOptions) {
            this.options = applyOptions;
            return this;
        }

        /** The number of buckets by which the source cuts its batches; 16 when not given. */
        public Builder buckets(int count) {
            this.buckets = new Buckets(count);
            return this;
        }

        public PostgresSink build() {
            return new PostgresSink(
                    Objects.requireNonNull(connection, "connection is missing"),
                    Objects.requireNonNull(options, "options are missing"),
                    buckets);
        }
    }
}
