package io.sluice.flink.source.option;

/** What a log-based source reads when it starts without state. */
public enum StartupMode {
    /** Copies the tables that are not known to be copied, then streams. */
    INITIAL,
    /** Streams from the known position, else from the slot's confirmed position; copies nothing. */
    STREAM_ONLY,
    /** Copies all tables and ends; makes no publication and no slot. */
    SNAPSHOT_ONLY
}
