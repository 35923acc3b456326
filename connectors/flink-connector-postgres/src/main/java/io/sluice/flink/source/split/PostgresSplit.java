package io.sluice.flink.source.split;

import org.apache.flink.api.connector.source.SourceSplit;

/** What one reader works on. */
public sealed interface PostgresSplit extends SourceSplit permits ChunkSplit, StreamSplit {}
