package io.sluice.job.config;

import io.sluice.job.config.ConnectionConfig.ConnectTimeout;
import io.sluice.job.config.ConnectionConfig.Credentials;
import io.sluice.job.config.ConnectionConfig.Endpoint;
import io.sluice.job.config.SourceConfig.Log;
import io.sluice.job.config.SourceConfig.Snapshot;
import io.sluice.job.config.SourceConfig.Tables;
import io.sluice.job.config.TargetConfig.Batching;
import io.sluice.job.config.TargetConfig.Delivery;
import io.sluice.job.config.TlsConfig.ClientCertificate;
import org.jspecify.annotations.Nullable;

/** Makes the records of a configuration out of values that have been found to be without fault. */
final class ConfigBuilder {
    private final ConfigValues values;

    ConfigBuilder(ConfigValues values) {
        this.values = values;
    }

    PipelineConfig build(FlinkSettings flink) {
        return new PipelineConfig(pipeline(), source(), target(), flink);
    }

    private PipelineSettings pipeline() {
        String name = values.find(PipelineKeys.NAME_KEY)
                .orElseGet(() -> PipelineKeys.nameOf(
                        values.get(SourceKeys.CONNECTION.connectionName()),
                        values.get(TargetKeys.CONNECTION.connectionName())));
        return new PipelineSettings(
                name,
                values.get(PipelineKeys.CHECKPOINT_INTERVAL),
                values.orNull(PipelineKeys.PARALLELISM),
                values.get(PipelineKeys.STAGING_SCHEMA),
                new PipelineSettings.StateStorage(
                        values.orNull(PipelineKeys.STATE_BACKEND), values.orNull(PipelineKeys.CHECKPOINT_DIR)));
    }

    private SourceConfig source() {
        return new SourceConfig(
                values.get(SourceKeys.CONNECTOR),
                connection(SourceKeys.CONNECTION, SourceKeys.TLS, ConnectTimeout.DEFAULT),
                new Tables(values.get(SourceKeys.SCHEMA), values.get(SourceKeys.TABLE)),
                values.get(SourceKeys.REPLICATION_METHOD),
                new Log(
                        slot(),
                        new StopConditions(
                                values.get(SourceKeys.BREAK_AT_NO_DATA), values.get(SourceKeys.BREAK_AT_END_LSN)),
                        new WalSenderTimeout(values.get(SourceKeys.WAL_SENDER_TIMEOUT)),
                        values.get(SourceKeys.STARTUP_MODE),
                        values.get(SourceKeys.DEBUG_LSN)),
                new Snapshot(values.get(SourceKeys.CHUNK_BYTES), values.get(SourceKeys.ITERATOR_SIZE), secondary()));
    }

    private SlotConfig slot() {
        String name = values.find(SourceKeys.REPLICATION_SLOT)
                .orElseGet(() -> Identifiers.slotName("macrometa_" + values.get(SourceKeys.CONNECTION.databaseName())));
        return new SlotConfig(
                name,
                values.get(SourceKeys.SLOT_CREATION),
                values.orNull(SourceKeys.PLUGIN),
                values.find(SourceKeys.PUBLICATION).orElse(name),
                values.get(SourceKeys.SLOT_KEEP_TIME));
    }

    private @Nullable Endpoint secondary() {
        return values.isTrue(SourceKeys.USE_SECONDARY)
                ? new Endpoint(values.get(SourceKeys.SECONDARY_HOST), values.get(SourceKeys.SECONDARY_PORT))
                : null;
    }

    private TargetConfig target() {
        return new TargetConfig(
                values.get(TargetKeys.CONNECTOR),
                connection(
                        TargetKeys.CONNECTION,
                        TargetKeys.TLS,
                        new ConnectTimeout(values.get(TargetKeys.CONNECTION_TIMEOUT))),
                new TargetTables(
                        values.get(TargetKeys.SCHEMA),
                        values.get(TargetKeys.TABLE),
                        values.get(TargetKeys.ALLOW_MERGE_TABLES),
                        values.get(TargetKeys.PRIMARY_KEY_REQUIRED),
                        values.get(TargetKeys.SCHEMA_EVOLUTION),
                        values.get(TargetKeys.SCHEMA_PRIVILEGES)),
                new Batching(
                        values.get(TargetKeys.BATCH_SIZE),
                        values.get(TargetKeys.BATCH_BYTES),
                        values.get(TargetKeys.BATCH_FLUSH_INTERVAL),
                        values.get(TargetKeys.BATCH_FLUSH_MIN_TIME_GAP),
                        values.get(TargetKeys.FLUSH_ALL_STREAMS)),
                rows(),
                new Delivery(
                        values.get(TargetKeys.DELIVERY_GUARANTEE),
                        new WriterParallelism(
                                values.get(TargetKeys.PARALLELISM), values.get(TargetKeys.MAX_PARALLELISM)),
                        values.orNull(TargetKeys.STAGING_BUDGET),
                        values.get(TargetKeys.FULL_TABLE_MODE),
                        values.get(TargetKeys.ALLOW_APPEND)));
    }

    private RowHandling rows() {
        boolean hardDelete = values.get(TargetKeys.HARD_DELETE);
        return new RowHandling(
                new RowHandling.Deletes(hardDelete, hardDelete || values.get(TargetKeys.ADD_METADATA_COLUMNS)),
                values.get(TargetKeys.TRUNCATE),
                values.get(TargetKeys.FLATTENING_MAX_LEVEL),
                values.get(TargetKeys.VALIDATE_RECORDS),
                values.get(TargetKeys.ON_ERROR));
    }

    private ConnectionConfig connection(ConnectionKeys keys, TlsKeys tls, ConnectTimeout timeout) {
        return new ConnectionConfig(
                values.get(keys.connectionName()),
                new Endpoint(values.get(keys.host()), values.get(keys.port())),
                values.get(keys.databaseName()),
                new Credentials(values.get(keys.username()), values.get(keys.password())),
                tls(tls),
                timeout);
    }

    private TlsConfig tls(TlsKeys keys) {
        ConfigText ca = values.orNull(keys.caCertificate());
        SslMode mode = values.find(keys.mode())
                .orElse(!values.get(keys.useSsl()) ? SslMode.PREFER : ca == null ? SslMode.REQUIRE : SslMode.VERIFY_CA);
        ClientCertificate client = values.given(keys.clientCertificate())
                ? new ClientCertificate(
                        values.get(keys.clientCertificate()),
                        values.get(keys.clientKey()),
                        values.orNull(keys.clientPassword()))
                : null;
        return new TlsConfig(mode, ca, client);
    }
}
