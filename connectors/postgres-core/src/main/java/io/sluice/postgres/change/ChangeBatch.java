package io.sluice.postgres.change;

/** What flows through the pipeline: a run of changes of one table under one schema, or a mark between them. */
public sealed interface ChangeBatch permits RowBatch, SnapshotBatch, Truncation, KeyChange, Progress {
    /** The bucket whose writer takes this batch; cuts are made once for each bucket. */
    int bucket();
}
