package io.sluice.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.option.ApplyOptions.RowOptions;
import io.sluice.postgres.apply.option.ApplyOptions.TruncateMode;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.option.TableMapping;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Jobs that send {@link Transactions} into one target database, and the questions that tests ask of it. */
final class SinkJob {
    static final String PIPELINE = "generated";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PostgresServer server;
    private final String database;
    private final Path folder;
    private final Transactions transactions;
    private final List<JobClient> started = new ArrayList<>();

    SinkJob(PostgresServer server, String database, Path folder, Transactions transactions) {
        this.server = server;
        this.database = database;
        this.folder = folder;
        this.transactions = transactions;
    }

    /** Starts transactions 1 to {@code last}, or what a savepoint has left of them. */
    JobClient start(long last, int writers, String... savepoint) throws Exception {
        Configuration configuration = new Configuration();
        if (savepoint.length > 0) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint[0]);
        }
        return start(last, writers, Duration.ofMillis(100), FlushPolicy.DEFAULT, configuration);
    }

    /** Starts transactions that no checkpoint will commit while a test looks. */
    JobClient startWithoutCommits(FlushPolicy flush) throws Exception {
        return start(1_000_000, 1, Duration.ofHours(1), flush, new Configuration());
    }

    private JobClient start(long last, int writers, Duration interval, FlushPolicy flush, Configuration configuration)
            throws Exception {
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1000);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        var batches = env.fromSource(new NumberSequenceSource(1, last), WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .setParallelism(1)
                .map(new FailWhenTold())
                .uid("failing")
                .setParallelism(1)
                .flatMap(transactions)
                .uid("transactions")
                .setParallelism(1);
        PostgresSink sink = PostgresSink.builder()
                .connection(settings())
                .options(options(flush))
                .buckets(Transactions.BUCKETS)
                .build();
        PostgresSink.attach(batches, sink, writers, "test");
        JobClient job = env.executeAsync();
        started.add(job);
        return job;
    }

    /** Ends what a failed test has left running: the next one needs its slots. */
    void endAll() throws Exception {
        for (JobClient job : started) {
            if (!job.getJobStatus().get().isGloballyTerminalState()) {
                job.cancel().get();
            }
        }
    }

    static void finish(JobClient job) throws Exception {
        job.getJobExecutionResult().get(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
    }

    String stopWithSavepoint(JobClient job) throws Exception {
        return job.stopWithSavepoint(false, savepoints(), SavepointFormatType.CANONICAL)
                .get();
    }

    String savepoint(JobClient job) throws Exception {
        return job.triggerSavepoint(savepoints(), SavepointFormatType.CANONICAL).get();
    }

    void awaitTransaction(long number) {
        Await.until(PATIENCE, "transaction " + number + " to be committed", () -> lastApplied() >= number);
    }

    static void awaitEnd(JobClient job, JobStatus status) {
        Await.until(PATIENCE, "the job to be " + status, () -> job.getJobStatus()
                .get()
                .equals(status));
    }

    /** The last transaction that the ledger says is applied; 0 before the first commit. */
    long lastApplied() throws SQLException {
        if (server.query(database, "select to_regclass('_sluice.pipeline')").equals(List.of(List.of("null")))) {
            return 0;
        }
        List<List<String>> rows =
                server.query(database, "select lsn from _sluice.pipeline where name = '" + PIPELINE + "'");
        return rows.isEmpty() || rows.get(0).get(0).equals("null")
                ? 0
                : Transactions.lastAt(Lsn.parse(rows.get(0).get(0)));
    }

    /** Both tables hold transactions 1 to {@code last}, each once, and nothing else. */
    void assertHolds(long last) throws SQLException {
        assertThat(lastApplied()).as("transactions in the ledger").isEqualTo(last);
        assertThat(server.query(database, "select id, round, note from accounts order by id"))
                .isEqualTo(transactions.accounts(last));
        assertThat(server.query(
                        database, "select count(*), count(distinct number), min(number), max(number) from journal"))
                .containsExactly(List.of(last + "", last + "", "1", last + ""));
    }

    /** Ends all sessions of the sink, whatever they are doing. */
    void cutConnections() throws SQLException {
        server.query(
                database,
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sluice %'"
                        + " and datname = current_database()");
    }

    long sessions() throws SQLException {
        return Long.parseLong(server.query(
                        database,
                        "select count(*) from pg_stat_activity where application_name like 'sluice %'"
                                + " and datname = current_database()")
                .get(0)
                .get(0));
    }

    private String savepoints() {
        return folder.resolve("savepoints").toUri().toString();
    }

    private ConnectionSettings settings() {
        return new ConnectionSettings(
                "ToPG",
                new ConnectionSettings.Endpoint(server.host(), server.port(), database),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    private static ApplyOptions options(FlushPolicy flush) {
        return new ApplyOptions(
                PIPELINE,
                "_sluice",
                TableMapping.SAME_NAME,
                new RowOptions(DeleteMode.REMOVE, TruncateMode.APPLY, KeyPolicy.OPTIONAL, ForeignRows.REFUSE),
                flush);
    }
}
