package io.sluice.flink.source.reader;

import io.sluice.flink.source.split.PostgresSplit;

/** A split as far as it is emitted; moved in the task's thread only. */
final class SplitProgress {
    private PostgresSplit split;

    SplitProgress(PostgresSplit split) {
        this.split = split;
    }

    PostgresSplit split() {
        return split;
    }

    void emitted(Fetched fetched) {
        split = fetched.after(split);
    }
}
