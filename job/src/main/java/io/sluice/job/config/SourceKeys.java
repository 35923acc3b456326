package io.sluice.job.config;

import io.sluice.job.config.SourceConfig.Connector;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import io.sluice.job.config.option.ByteSize;
import io.sluice.job.config.option.Choice;
import io.sluice.job.config.option.Key;
import io.sluice.job.config.option.Several;
import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.TimeSpan;
import io.sluice.job.config.option.TrueOrFalse;
import io.sluice.job.config.option.UnreadableValueException;
import io.sluice.job.config.option.WholeNumber;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;

/** The keys of the section {@code source}. */
final class SourceKeys {
    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1," + Identifiers.LONGEST + "}");
    private static final String SLOT_RULE = "1 to 63 small letters, digits and underscores";

    static final Key<Connector> CONNECTOR = Key.named("source.connector", Choice.kebab(Connector.class))
            .about("What is read: a PostgreSQL server, or the output of a Singer tap.")
            .example("postgres")
            .or(Connector.POSTGRES);

    static final ConnectionKeys CONNECTION = ConnectionKeys.of("source");

    static final Key<List<NamePattern>> SCHEMA = Key.named("source.schema", new Several<>(NamePattern.type()))
            .about("Schema to read: a name, a list, or a `/regular expression/` that the whole name matches.")
            .example("public")
            .required();

    static final Key<List<NamePattern>> TABLE = Key.named("source.table", new Several<>(NamePattern.type()))
            .about("Table to read: a name, a list, or a `/regular expression/`. Every selected schema is searched."
                    + " Views can be read with FULL_TABLE only.")
            .example("[customers, orders]")
            .required();

    static final Key<ReplicationMethod> REPLICATION_METHOD = Key.named(
                    "source.replication-method", Choice.verbatim(ReplicationMethod.class))
            .about("`LOG_BASED` copies the tables and then follows their changes; `FULL_TABLE` reads them once.")
            .example("LOG_BASED")
            .required();

    static final TlsKeys TLS = TlsKeys.of("source");

    static final Key<String> REPLICATION_SLOT = Key.named(
                    "source.replication-slot", Text.of("text", SLOT_RULE, SourceKeys::slotName))
            .about("Logical replication slot (LOG_BASED). It must belong to this database and decode with `pgoutput` or"
                    + " `wal2json`; a missing one is created unless `slot-creation` forbids it. Never dropped.")
            .example("macrometa_shop")
            .derived("`macrometa_<database-name>` in small letters, other characters as `_`, cut to 63");

    static final Key<SlotConfig.Creation> SLOT_CREATION = Key.named(
                    "source.slot-creation", Choice.kebab(SlotConfig.Creation.class))
            .about("Whether a missing slot is created.")
            .example("never")
            .or(SlotConfig.Creation.AUTO);

    static final Key<SlotConfig.Plugin> PLUGIN = Key.named("source.plugin", Choice.kebab(SlotConfig.Plugin.class))
            .about("Output plugin of a slot that is created here; an existing slot keeps its own.")
            .example("wal2json")
            .derived("`pgoutput` on a server of version 10 or newer, else `wal2json`");

    static final Key<String> PUBLICATION = Key.named(
                    "source.publication", Text.of("text", "a name", Identifiers::checked))
            .about("Publication for `pgoutput`; created for the tables when it is missing and that is allowed. Tables"
                    + " without a usable replica identity go into `<slot>_insert`, so that the application's own"
                    + " updates do not fail.")
            .example("sluice_shop")
            .derived("the name of the slot");

    static final Key<Duration> BREAK_AT_NO_DATA = Key.named("source.break-at-no-data-received", TimeSpan.seconds())
            .about("The job finishes, with all committed, after this long without a change of a selected table;"
                    + " `0` never ends it.")
            .example("3600")
            .or(Duration.ofSeconds(10_800));

    static final Key<Boolean> BREAK_AT_END_LSN = Key.named("source.break-at-end-lsn", new TrueOrFalse())
            .about("The job finishes once everything up to the log's end at the start is read and committed.")
            .example("true")
            .or(false);

    static final Key<Duration> WAL_SENDER_TIMEOUT = Key.named(
                    "source.wal-sender-timeout", TimeSpan.serverMilliseconds())
            .about("`wal_sender_timeout` of the replication connection (server 12 or newer); `0` turns it off.")
            .example("10 min")
            .or(Duration.ofMillis(3_600_000));

    static final Key<Boolean> DEBUG_LSN = Key.named("source.debug-lsn", new TrueOrFalse())
            .about("Adds `_sdc_lsn`, the change's position in the log as decimal text, to every LOG_BASED record.")
            .example("true")
            .or(false);

    static final Key<Integer> ITERATOR_SIZE = Key.named("source.iterator-size", WholeNumber.from(1))
            .about("Rows per fetch where a table is read with a cursor (views, foreign tables).")
            .example("50000")
            .or(20_000);

    static final Key<MemorySize> CHUNK_BYTES = Key.named("source.chunk-bytes", new ByteSize(MemorySize.parse("64 kb")))
            .about("Size of the pieces that a table is copied in; at most 16384 pieces per table.")
            .example("256 MiB")
            .or(MemorySize.ofMebiBytes(128));

    static final Key<Boolean> USE_SECONDARY = Key.named("source.use-secondary", new TrueOrFalse())
            .about("Tables are copied from a standby; slot and stream stay on the primary. Needs both"
                    + " `secondary-host` and `secondary-port`.")
            .example("true")
            .or(false);

    static final Key<ConfigText> SECONDARY_HOST = Key.named(
                    "source.secondary-host",
                    ConfigText.shown(CONNECTION.host().type().takes()))
            .about("Host name or address of the standby.")
            .example("standby.example.com")
            .optional();

    static final Key<Integer> SECONDARY_PORT = Key.named("source.secondary-port", ConnectionKeys.PORT)
            .about("Port of the standby.")
            .example("5432")
            .optional();

    static final Key<StartupMode> STARTUP_MODE = Key.named("source.startup-mode", Choice.kebab(StartupMode.class))
            .about("`initial` copies the tables that the target does not have complete, then follows the log;"
                    + " `stream-only` begins at the slot's position; `snapshot-only` copies and ends.")
            .example("stream-only")
            .or(StartupMode.INITIAL);

    static final Key<Duration> SLOT_KEEP_TIME = Key.named("source.slot-keep-time", TimeSpan.seconds())
            .about("How long a savepoint must stay restorable: the slot keeps the log for that long.")
            .example("24 h")
            .or(Duration.ZERO);

    private SourceKeys() {}

    static List<Key<?>> all() {
        Stream<Key<?>> own = Stream.of(
                SCHEMA,
                TABLE,
                REPLICATION_METHOD,
                STARTUP_MODE,
                REPLICATION_SLOT,
                SLOT_CREATION,
                PLUGIN,
                PUBLICATION,
                BREAK_AT_NO_DATA,
                BREAK_AT_END_LSN,
                WAL_SENDER_TIMEOUT,
                SLOT_KEEP_TIME,
                DEBUG_LSN,
                CHUNK_BYTES,
                ITERATOR_SIZE,
                USE_SECONDARY,
                SECONDARY_HOST,
                SECONDARY_PORT);
        return Stream.of(Stream.<Key<?>>of(CONNECTOR), CONNECTION.all().stream(), own, TLS.all().stream())
                .<Key<?>>flatMap(keys -> keys)
                .toList();
    }

    private static String slotName(String text) throws UnreadableValueException {
        if (!SLOT_NAME.matcher(text).matches()) {
            throw new UnreadableValueException("takes " + SLOT_RULE);
        }
        return text;
    }
}
