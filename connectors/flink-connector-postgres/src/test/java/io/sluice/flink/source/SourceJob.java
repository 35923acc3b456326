package io.sluice.flink.source;

import io.sluice.flink.source.option.LogSettings;
import io.sluice.flink.source.option.SlotCreation;
import io.sluice.flink.source.option.SlotRequest;
import io.sluice.flink.source.option.StartupMode;
import io.sluice.flink.source.option.TableSelection;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Secret;
import io.sluice.testkit.Await;
import io.sluice.testkit.PostgresServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Source, a failing step and a strict target, as the tests of the source run them. */
final class SourceJob {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private SourceJob() {}

    static ConnectionSettings connection(PostgresServer server, String database) {
        return new ConnectionSettings(
                "FromPG",
                new ConnectionSettings.Endpoint(server.host(), server.port(), database),
                PostgresServer.USER,
                new Secret(PostgresServer.PASSWORD),
                Duration.ofSeconds(10));
    }

    static PostgresSourceBuilder<ChangeBatch> source(PostgresServer server, String database, String... tables) {
        return PostgresSource.builder()
                .connection(connection(server, database))
                .pipeline(database)
                .tables(TableSelection.of(Arrays.stream(tables)
                        .map(table -> new TableName("public", table))
                        .toArray(TableName[]::new)))
                .values(ValueFormat.TEXT)
                .chunkBytes(4 << 20);
    }

    static LogSettings log(String slot, StartupMode startup) {
        return new LogSettings(new SlotRequest(slot, SlotCreation.AUTO, null, slot), Duration.ofSeconds(60), startup);
    }

    static StreamExecutionEnvironment environment(int checkpointMillis) {
        return environment(new Configuration(), checkpointMillis, 2);
    }

    static StreamExecutionEnvironment from(String savepoint, int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return environment(configuration, 50, parallelism);
    }

    private static StreamExecutionEnvironment environment(
            Configuration configuration, int checkpointMillis, int parallelism) {
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 1000);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(parallelism);
        environment.enableCheckpointing(checkpointMillis);
        return environment;
    }

    static JobClient run(
            String test, StreamExecutionEnvironment environment, PostgresSource<ChangeBatch> source, Stumble stumble)
            throws Exception {
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "source")
                .uid("source")
                .map(stumble)
                .returns(source.getProducedType())
                .uid("stumble")
                .flatMap(new StrictTarget(test))
                .setParallelism(1)
                .uid("target")
                .sinkTo(new DiscardingSink<>())
                .setParallelism(1);
        return environment.executeAsync(test);
    }

    static List<String> sourceRows(PostgresServer server, String database, String table, String... columns)
            throws Exception {
        String row = "concat_ws('|', "
                + String.join(
                        ", ",
                        Arrays.stream(columns)
                                .map(c -> "coalesce(" + c + "::text, 'null')")
                                .toList())
                + ")";
        return server.query(database, "select " + row + " from " + table).stream()
                .map(r -> r.get(0))
                .sorted()
                .toList();
    }

    /** Runs a source that cannot start; what the user reads of it. */
    static String failure(String test, PostgresSource<ChangeBatch> source) throws Exception {
        Configuration noRestarts = new Configuration();
        noRestarts.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(noRestarts);
        environment.setParallelism(2);
        environment.enableCheckpointing(100);
        JobClient job = run(test, environment, source, Stumble.times(test, 0, 0, 0));
        try {
            job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            StringBuilder messages = new StringBuilder();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                messages.append(cause.getMessage()).append('\n');
            }
            return messages.toString();
        }
        throw new AssertionError("the job should have failed");
    }

    /** Waits until the target has what the source has now. */
    static void awaitEqual(String test, PostgresServer server, String database, String table, String... columns)
            throws Exception {
        List<String> expected = sourceRows(server, database, table, columns);
        Await.until(PATIENCE, table + " to be as at the source", () -> StrictTarget.of(test)
                .rows("public." + table)
                .equals(expected));
    }

    static void awaitNoConnections(PostgresServer server, String database) {
        Await.until(PATIENCE, "the source's sessions to end", () -> server.query(
                        "postgres",
                        "select application_name from pg_stat_activity where datname = '" + database
                                + "' and application_name like 'sluice%'")
                .isEmpty());
    }
}
