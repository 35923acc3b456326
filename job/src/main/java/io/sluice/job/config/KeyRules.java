package io.sluice.job.config;

import static java.util.stream.Collectors.joining;

import io.sluice.job.config.NamePattern.Exact;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import io.sluice.job.config.TargetConfig.FullTableMode;
import io.sluice.job.config.option.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What keys demand of each other. A key that is at fault itself is not held against another. */
final class KeyRules {
    private final ConfigValues values;
    private final List<Fault> faults = new ArrayList<>();

    KeyRules(ConfigValues values) {
        this.values = values;
    }

    List<Fault> faults() {
        secondaryNeedsHostAndPort();
        clientCertificateNeedsKey(SourceKeys.TLS);
        clientCertificateNeedsKey(TargetKeys.TLS);
        defaultSlotNeedsDatabaseName();
        streamOnlyNeedsLog();
        replaceNeedsMetadataColumns();
        targetsAreNotShared();
        namesFitAfterTemplate();
        targetIsNotSource();
        return faults;
    }

    private void secondaryNeedsHostAndPort() {
        if (!values.isTrue(SourceKeys.USE_SECONDARY)) {
            return;
        }
        Stream.<Key<?>>of(SourceKeys.SECONDARY_HOST, SourceKeys.SECONDARY_PORT)
                .filter(key -> !values.given(key))
                .forEach(key -> add(key, "is required when use-secondary is true"));
    }

    private void clientCertificateNeedsKey(TlsKeys tls) {
        needs(tls.clientCertificate(), tls.clientKey());
        needs(tls.clientKey(), tls.clientCertificate());
        needs(tls.clientPassword(), tls.clientKey());
    }

    private void needs(Key<?> key, Key<?> other) {
        if (values.given(key) && !values.given(other)) {
            add(other, "is required when " + key.leaf() + " is given");
        }
    }

    private void defaultSlotNeedsDatabaseName() {
        boolean unknownHere = values.find(SourceKeys.CONNECTION.databaseName())
                .filter(name -> !(name instanceof ConfigText.Shown))
                .isPresent();
        if (isLogBased() && unknownHere && !values.given(SourceKeys.REPLICATION_SLOT)) {
            add(
                    SourceKeys.REPLICATION_SLOT,
                    "is required when database-name is a reference, because its default is made of the name");
        }
    }

    private void streamOnlyNeedsLog() {
        boolean fullTable = values.find(SourceKeys.REPLICATION_METHOD)
                .filter(ReplicationMethod.FULL_TABLE::equals)
                .isPresent();
        if (fullTable && values.find(SourceKeys.STARTUP_MODE).equals(Optional.of(StartupMode.STREAM_ONLY))) {
            add(SourceKeys.STARTUP_MODE, "has no meaning with FULL_TABLE, which reads no log; use LOG_BASED");
        }
    }

    private void replaceNeedsMetadataColumns() {
        boolean replace = values.find(TargetKeys.FULL_TABLE_MODE).equals(Optional.of(FullTableMode.REPLACE));
        boolean settled = values.find(TargetKeys.HARD_DELETE).isPresent()
                && values.find(TargetKeys.ADD_METADATA_COLUMNS).isPresent();
        if (replace
                && settled
                && !values.isTrue(TargetKeys.ADD_METADATA_COLUMNS)
                && !values.isTrue(TargetKeys.HARD_DELETE)) {
            add(
                    TargetKeys.FULL_TABLE_MODE,
                    "needs the metadata columns, which tell what a load touched; set add-metadata-columns or"
                            + " hard-delete to true");
        }
    }

    private void targetsAreNotShared() {
        Optional<TargetTables> tables = tables();
        if (tables.isEmpty() || values.isTrue(TargetKeys.ALLOW_MERGE_TABLES)) {
            return;
        }
        for (Map.Entry<TableName, List<TableName>> shared :
                tables.get().sharedTargets(namedTables()).entrySet()) {
            String sources = shared.getValue().stream().map(TableName::toString).collect(joining(" and "));
            add(TargetKeys.TABLE, "maps " + sources + " to one table, " + shared.getKey());
        }
    }

    private void namesFitAfterTemplate() {
        tables().ifPresent(tables -> namedTables().forEach(source -> {
            TableName target = tables.targetOf(source);
            checkLength(TargetKeys.SCHEMA, target.schema(), source);
            checkLength(TargetKeys.TABLE, target.table(), source);
        }));
    }

    private void checkLength(Key<NameTemplate> key, String name, TableName source) {
        if (!Identifiers.fits(name)) {
            add(
                    key,
                    "becomes \"" + name + "\" for " + source + ", but a name in PostgreSQL has at most "
                            + Identifiers.LONGEST + " bytes");
        }
    }

    private void targetIsNotSource() {
        boolean oneDatabase = same(SourceKeys.CONNECTION.host(), TargetKeys.CONNECTION.host())
                && same(SourceKeys.CONNECTION.port(), TargetKeys.CONNECTION.port())
                && same(SourceKeys.CONNECTION.databaseName(), TargetKeys.CONNECTION.databaseName());
        if (oneDatabase) {
            tables().ifPresent(
                            tables -> namedTables().stream()
                                    .filter(source -> tables.targetOf(source).equals(source))
                                    .forEach(
                                            source -> add(
                                                    TargetKeys.TABLE,
                                                    "makes " + source
                                                            + " its own target: host, port, database, schema and table are those of the source")));
        }
    }

    private <T> boolean same(Key<T> source, Key<T> target) {
        Optional<T> value = values.find(source);
        return value.isPresent() && value.equals(values.find(target));
    }

    private boolean isLogBased() {
        return values.find(SourceKeys.REPLICATION_METHOD)
                .filter(ReplicationMethod.LOG_BASED::equals)
                .isPresent();
    }

    private Optional<TargetTables> tables() {
        return values.find(TargetKeys.SCHEMA).flatMap(schema -> values.find(TargetKeys.TABLE)
                .map(table -> new TargetTables(
                        schema, table, false, true, TargetTables.SchemaEvolution.EVOLVE, SchemaPrivileges.NONE)));
    }

    /** The source tables that are given by name; those of a regular expression are known at the start only. */
    private List<TableName> namedTables() {
        List<TableName> names = new ArrayList<>();
        for (NamePattern schema : values.find(SourceKeys.SCHEMA).orElse(List.of())) {
            for (NamePattern table : values.find(SourceKeys.TABLE).orElse(List.of())) {
                if (schema instanceof Exact s && table instanceof Exact t) {
                    names.add(new TableName(s.name(), t.name()));
                }
            }
        }
        return names;
    }

    private void add(Key<?> key, String rule) {
        faults.add(values.fault(key, rule));
    }
}
