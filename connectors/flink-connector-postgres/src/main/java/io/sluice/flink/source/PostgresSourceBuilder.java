package io.sluice.flink.source;

import io.sluice.flink.source.option.LogSettings;
import io.sluice.flink.source.option.Reading;
import io.sluice.flink.source.option.ResumePoint;
import io.sluice.flink.source.option.SourceSettings;
import io.sluice.flink.source.option.StopConditions;
import io.sluice.flink.source.option.TableRules;
import io.sluice.flink.source.option.TableSelection;
import io.sluice.flink.source.row.PostgresDeserializer;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link PostgresSource} needs; connection, tables, pipeline and a method of reading are required. */
public final class PostgresSourceBuilder<T> {
    private static final long CHUNK_BYTES = 128L << 20;
    private static final int BUCKETS = 16;

    private final PostgresDeserializer<T> deserializer;
    private @Nullable ConnectionSettings connection;
    private @Nullable TableSelection tables;
    private @Nullable String pipeline;
    private @Nullable LogSettings log;
    private boolean methodChosen;
    private StopConditions stop = StopConditions.NEVER;
    private ResumePoint resumePoint = ResumePoint.NOTHING_KNOWN;
    private @Nullable ValueFormat values;
    private long chunkBytes = CHUNK_BYTES;
    private int buckets = BUCKETS;
    private int keepCheckpoints = 1;
    private boolean keysRequired = true;

    PostgresSourceBuilder(PostgresDeserializer<T> deserializer) {
        this.deserializer = deserializer;
    }

    public PostgresSourceBuilder<T> connection(ConnectionSettings connection) {
        this.connection = connection;
        return this;
    }

    public PostgresSourceBuilder<T> tables(TableSelection tables) {
        this.tables = tables;
        return this;
    }

    /** Names the sessions on the server: {@code application_name} is "sluice" and this. */
    public PostgresSourceBuilder<T> pipeline(String pipeline) {
        this.pipeline = pipeline;
        return this;
    }

    /** Copies the tables and ends. */
    public PostgresSourceBuilder<T> fullTable() {
        this.log = null;
        this.methodChosen = true;
        return this;
    }

    /** Copies and follows the tables, as the settings say. */
    public PostgresSourceBuilder<T> logBased(LogSettings log) {
        this.log = log;
        this.methodChosen = true;
        return this;
    }

    /** When the stream ends by itself; by default never. */
    public PostgresSourceBuilder<T> stop(StopConditions stop) {
        this.stop = stop;
        return this;
    }

    /** Size of the pieces in which a table is copied, in bytes; 128 MiB by default. */
    public PostgresSourceBuilder<T> chunkBytes(long chunkBytes) {
        this.chunkBytes = chunkBytes;
        return this;
    }

    /** Number of parts into which changes are cut by key; 16 by default. Must be the same on every restore. */
    public PostgresSourceBuilder<T> buckets(int buckets) {
        this.buckets = buckets;
        return this;
    }

    /** A table without a key is an error; the default. */
    public PostgresSourceBuilder<T> requireKeys() {
        this.keysRequired = true;
        return this;
    }

    public PostgresSourceBuilder<T> allowKeyless() {
        this.keysRequired = false;
        return this;
    }

    /**
     * How values travel. BINARY: where that is safe, else as text. By default the deserializer decides; batches come as
     * BINARY does.
     */
    public PostgresSourceBuilder<T> values(ValueFormat values) {
        this.values = values;
        return this;
    }

    /** Asked when the source starts without state; by default nothing is known of earlier runs. */
    public PostgresSourceBuilder<T> resumePoint(ResumePoint resumePoint) {
        this.resumePoint = resumePoint;
        return this;
    }

    /** How many completed checkpoints must stay restorable before the slot may forget; 1 by default. */
    public PostgresSourceBuilder<T> keepCheckpoints(int keepCheckpoints) {
        this.keepCheckpoints = keepCheckpoints;
        return this;
    }

    /** Makes own records instead of batches. */
    public <U> PostgresSourceBuilder<U> deserializer(PostgresDeserializer<U> other) {
        PostgresSourceBuilder<U> builder = new PostgresSourceBuilder<>(other);
        builder.connection = connection;
        builder.tables = tables;
        builder.pipeline = pipeline;
        builder.log = log;
        builder.methodChosen = methodChosen;
        builder.stop = stop;
        builder.resumePoint = resumePoint;
        builder.values = values;
        builder.chunkBytes = chunkBytes;
        builder.buckets = buckets;
        builder.keepCheckpoints = keepCheckpoints;
        builder.keysRequired = keysRequired;
        return builder;
    }

    /** @throws IllegalStateException when something required is missing, naming it */
    public PostgresSource<T> build() {
        if (!methodChosen) {
            throw new IllegalStateException("the source has no method of reading; call fullTable() or logBased(..)");
        }
        boolean asText = values == null ? deserializer.prefersText() : values == ValueFormat.TEXT;
        SourceSettings settings = new SourceSettings(
                required(connection, "connection(..)"),
                required(pipeline, "pipeline(..)"),
                new TableRules(required(tables, "tables(..)"), keysRequired),
                new Reading(chunkBytes, new Buckets(buckets), asText, keepCheckpoints),
                log,
                stop);
        return new PostgresSource<>(settings, resumePoint, deserializer);
    }

    private static <V> V required(@Nullable V value, String call) {
        if (value == null) {
            throw new IllegalStateException("the source lacks a setting; call " + call);
        }
        return value;
    }
}
