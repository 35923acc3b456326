package io.sluice.job.config;

import io.sluice.job.config.ConnectionConfig.Endpoint;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/** What is read, from where, and how. */
public record SourceConfig(
        Connector connector,
        ConnectionConfig connection,
        Tables tables,
        ReplicationMethod method,
        Log log,
        Snapshot snapshot)
        implements Serializable {

    /** What the source is. */
    public enum Connector {
        POSTGRES,
        SINGER
    }

    /** Whether changes are followed, or the tables are read once. */
    public enum ReplicationMethod {
        LOG_BASED,
        FULL_TABLE
    }

    /** Where the pipeline begins. */
    public enum StartupMode {
        INITIAL,
        STREAM_ONLY,
        SNAPSHOT_ONLY
    }

    /** The selected tables: every combination of a schema and a table that matches. */
    public record Tables(List<NamePattern> schemas, List<NamePattern> tables) implements Serializable {
        public Tables {
            schemas = List.copyOf(schemas);
            tables = List.copyOf(tables);
        }

        public boolean selects(TableName table) {
            return schemas.stream().anyMatch(pattern -> pattern.matches(table.schema()))
                    && tables.stream().anyMatch(pattern -> pattern.matches(table.table()));
        }
    }

    /** How the log is followed; without meaning for FULL_TABLE. */
    public record Log(
            SlotConfig slot,
            StopConditions stop,
            WalSenderTimeout walSenderTimeout,
            StartupMode startup,
            boolean debugLsn)
            implements Serializable {}

    /** How tables are copied. */
    public record Snapshot(
            MemorySize chunkBytes,
            int iteratorSize,
            @Nullable Endpoint secondary) implements Serializable {}
}
