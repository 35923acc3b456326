package io.sluice.job.config;

import io.sluice.job.config.RowHandling.OnError;
import io.sluice.job.config.RowHandling.Truncate;
import io.sluice.job.config.TargetConfig.Connector;
import io.sluice.job.config.TargetConfig.FullTableMode;
import io.sluice.job.config.TargetConfig.Guarantee;
import io.sluice.job.config.TargetTables.SchemaEvolution;
import io.sluice.job.config.option.ByteSize;
import io.sluice.job.config.option.Choice;
import io.sluice.job.config.option.Key;
import io.sluice.job.config.option.TimeSpan;
import io.sluice.job.config.option.TrueOrFalse;
import io.sluice.job.config.option.WholeNumber;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;

/** The keys of the section {@code target}. */
final class TargetKeys {
    private static final int MOST_BUCKETS = 32_768;

    static final Key<Connector> CONNECTOR = Key.named("target.connector", Choice.kebab(Connector.class))
            .about("What is written: a PostgreSQL server, Singer messages, or nothing at all.")
            .example("postgres")
            .or(Connector.POSTGRES);

    static final ConnectionKeys CONNECTION = ConnectionKeys.of("target");

    static final TlsKeys TLS = TlsKeys.of("target");

    static final Key<Duration> CONNECTION_TIMEOUT = Key.named("target.connection-timeout", TimeSpan.signedSeconds())
            .about("How long connecting may take; zero or negative waits for ever.")
            .example("10")
            .or(Duration.ofSeconds(30));

    static final Key<NameTemplate> SCHEMA = Key.named("target.schema", NameTemplate.type())
            .about("Schema of the target tables; created when it is missing.")
            .example("public")
            .required();

    static final Key<NameTemplate> TABLE = Key.named("target.table", NameTemplate.type())
            .about("Target table, created with the source's columns and key when it is missing. For many source tables"
                    + " a template, such as `${schema}_${table}`.")
            .example("${schema}_${table}")
            .required();

    static final Key<Boolean> ALLOW_MERGE_TABLES = Key.named("target.allow-merge-tables", new TrueOrFalse())
            .about("Several source tables may share one target table.")
            .example("true")
            .or(false);

    static final Key<Boolean> PRIMARY_KEY_REQUIRED = Key.named("target.primary-key-required", new TrueOrFalse())
            .about("A source table without a key, or a target table with another key, stops the pipeline before"
                    + " anything is loaded. With `false` rows are appended, each exactly once; updates and deletes"
                    + " append too, except under REPLICA IDENTITY FULL.")
            .example("false")
            .or(true);

    static final Key<SchemaEvolution> SCHEMA_EVOLUTION = Key.named(
                    "target.schema-evolution", Choice.kebab(SchemaEvolution.class))
            .about("What a change of the source's columns does: `evolve` adds and widens columns and gives an"
                    + " incompatible one a new name; `fail` stops; `ignore` leaves the target as it is. Columns are"
                    + " never dropped.")
            .example("fail")
            .or(SchemaEvolution.EVOLVE);

    static final Key<SchemaPrivileges> SCHEMA_PRIVILEGES = Key.named(
                    "target.schema-privileges", SchemaPrivileges.type())
            .about("Grants on the schema (`USAGE`) and on the loaded tables (`SELECT`); without roles to PUBLIC.")
            .example("SELECT:analyst,reporting")
            .or(SchemaPrivileges.NONE);

    static final Key<Boolean> HARD_DELETE = Key.named("target.hard-delete", new TrueOrFalse())
            .about("Deleted rows are deleted in the target, and the metadata columns are turned on. With `false` and"
                    + " metadata columns `_sdc_deleted_at` is set and the row stays; without them the row just stays.")
            .example("true")
            .or(false);

    static final Key<Boolean> ADD_METADATA_COLUMNS = Key.named("target.add-metadata-columns", new TrueOrFalse())
            .about("Adds `_sdc_extracted_at`, `_sdc_batched_at` and `_sdc_deleted_at`.")
            .example("true")
            .or(false);

    static final Key<Truncate> TRUNCATE = Key.named("target.truncate", Choice.kebab(Truncate.class))
            .about("What a TRUNCATE does: `apply` truncates with `hard-delete` and flags all rows with metadata"
                    + " columns; `ignore` leaves the rows.")
            .example("ignore")
            .or(Truncate.APPLY);

    static final Key<Integer> FLATTENING_MAX_LEVEL = Key.named("target.data-flattening-max-level", WholeNumber.from(0))
            .about("How deep objects (json, jsonb) become columns `parent__child`; `0` keeps them as they are.")
            .example("1")
            .or(0);

    static final Key<Boolean> VALIDATE_RECORDS = Key.named("target.validate-records", new TrueOrFalse())
            .about("Every record is checked against its JSON schema before it is staged.")
            .example("true")
            .or(false);

    static final Key<OnError> ON_ERROR = Key.named("target.on-error", Choice.kebab(OnError.class))
            .about("What a row does that the target refuses: `fail` stops the job naming the row's key;"
                    + " `quarantine` puts the row into `_sluice.quarantine` and goes on.")
            .example("quarantine")
            .or(OnError.FAIL);

    static final Key<Guarantee> DELIVERY_GUARANTEE = Key.named(
                    "target.delivery-guarantee", Choice.kebab(Guarantee.class))
            .about("`exactly-once` commits at checkpoints; `at-least-once` at each flush.")
            .example("exactly-once")
            .or(Guarantee.EXACTLY_ONCE);

    static final Key<MemorySize> STAGING_BUDGET = Key.named(
                    "target.staging-budget", new ByteSize(MemorySize.ofMebiBytes(1)))
            .about("Bytes that may be staged and not yet merged before the writers wait.")
            .example("2048 MiB")
            .derived("measured: what is merged in two checkpoint intervals");

    static final Key<FullTableMode> FULL_TABLE_MODE = Key.named(
                    "target.full-table-mode", Choice.kebab(FullTableMode.class))
            .about("What a FULL_TABLE load does: `merge` upserts its rows; `replace` also removes or flags rows that"
                    + " the load did not contain, and needs the metadata columns.")
            .example("replace")
            .or(FullTableMode.MERGE);

    static final Key<Boolean> ALLOW_APPEND = Key.named("target.allow-append", new TrueOrFalse())
            .about("A FULL_TABLE load may append to a table without key, although a second run doubles its rows.")
            .example("true")
            .or(false);

    static final Key<Integer> BATCH_SIZE = Key.named("target.batch-size", WholeNumber.from(1))
            .about("A table's buffer is flushed when it holds this many distinct keys.")
            .example("20000")
            .or(10_000);

    static final Key<MemorySize> BATCH_BYTES = Key.named("target.batch-bytes", new ByteSize(MemorySize.parse("64 kb")))
            .about("A table's buffer is flushed when it holds this many bytes.")
            .example("32 MiB")
            .or(MemorySize.ofMebiBytes(16));

    static final Key<Duration> BATCH_FLUSH_INTERVAL = Key.named("target.batch-flush-interval", TimeSpan.seconds())
            .about("What is buffered is flushed at least this often; `0` flushes whenever no input waits. With"
                    + " `exactly-once` a timed flush stages, and the checkpoint commits.")
            .example("5 s")
            .or(Duration.ofSeconds(60));

    static final Key<Duration> BATCH_FLUSH_MIN_TIME_GAP = Key.named(
                    "target.batch-flush-min-time-gap", TimeSpan.seconds())
            .about("A timed flush is skipped when the last one was less than this ago; full buffers and checkpoints"
                    + " always flush.")
            .example("5 s")
            .or(Duration.ofSeconds(60));

    static final Key<Boolean> FLUSH_ALL_STREAMS = Key.named("target.flush-all-streams", new TrueOrFalse())
            .about("A full buffer flushes the buffers of all tables of its writer.")
            .example("true")
            .or(false);

    static final Key<Integer> PARALLELISM = Key.named("target.parallelism", WholeNumber.from(-1))
            .about("Number of parallel writers: `0` one per table, `-1` one per core, else that many; never more than"
                    + " `max-parallelism` or than the cluster has slots.")
            .example("4")
            .or(0);

    static final Key<Integer> MAX_PARALLELISM = Key.named("target.max-parallelism", new WholeNumber(1, MOST_BUCKETS))
            .about("Most parallel writers, and the number of buckets that keys are divided into. Part of the state:"
                    + " it can not change between a savepoint and its restore.")
            .example("64")
            .or(16);

    private TargetKeys() {}

    static List<Key<?>> all() {
        Stream<Key<?>> own = Stream.of(
                SCHEMA,
                TABLE,
                ALLOW_MERGE_TABLES,
                PRIMARY_KEY_REQUIRED,
                HARD_DELETE,
                ADD_METADATA_COLUMNS,
                TRUNCATE,
                SCHEMA_EVOLUTION,
                SCHEMA_PRIVILEGES,
                FLATTENING_MAX_LEVEL,
                VALIDATE_RECORDS,
                ON_ERROR,
                FULL_TABLE_MODE,
                ALLOW_APPEND,
                BATCH_SIZE,
                BATCH_BYTES,
                BATCH_FLUSH_INTERVAL,
                BATCH_FLUSH_MIN_TIME_GAP,
                FLUSH_ALL_STREAMS,
                PARALLELISM,
                MAX_PARALLELISM,
                DELIVERY_GUARANTEE,
                STAGING_BUDGET,
                CONNECTION_TIMEOUT);
        return Stream.of(Stream.<Key<?>>of(CONNECTOR), CONNECTION.all().stream(), own, TLS.all().stream())
                .<Key<?>>flatMap(keys -> keys)
                .toList();
    }
}
