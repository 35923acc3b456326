package io.sluice.job.local;

/** How a job ended. */
public sealed interface Outcome {
    /** Its input ended, or it was stopped: everything that it read is committed. */
    record Finished() implements Outcome {}

    /** It was cancelled: what was not committed is read again by the next run. */
    record Canceled() implements Outcome {}

    /** It failed and was not started again. */
    record Failed(Throwable reason) implements Outcome {}
}
