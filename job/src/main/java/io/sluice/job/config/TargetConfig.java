package io.sluice.job.config;

import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;

/** Where the rows go, and how. */
public record TargetConfig(
        Connector connector,
        ConnectionConfig connection,
        TargetTables tables,
        Batching batching,
        RowHandling rows,
        Delivery delivery)
        implements Serializable {

    /** What the target is. */
    public enum Connector {
        POSTGRES,
        SINGER,
        BLACKHOLE
    }

    /** When a writer flushes what it holds of a table. */
    public record Batching(
            int rows, MemorySize bytes, Duration flushInterval, Duration minTimeGap, boolean flushAllStreams)
            implements Serializable {

        /** Whether a writer flushes whenever no input waits; the gap then does not apply. */
        public boolean flushesWhenIdle() {
            return flushInterval.isZero();
        }
    }

    /** What a commit promises. */
    public enum Guarantee {
        EXACTLY_ONCE,
        AT_LEAST_ONCE
    }

    /** What is done with the rows of a FULL_TABLE load. */
    public enum FullTableMode {
        MERGE,
        REPLACE
    }

    /**
     * How rows reach the target.
     *
     * @param stagingBudget bytes staged and not yet merged; when null it is measured
     */
    public record Delivery(
            Guarantee guarantee,
            WriterParallelism parallelism,
            @Nullable MemorySize stagingBudget,
            FullTableMode fullTableMode,
            boolean allowAppend)
            implements Serializable {}
}
