package io.sluice.postgres.apply.merge;

/** Counts what a commit changes. */
final class Tally {
    private long rows;
    private long deleted;

    void rows(long more) {
        rows += more;
    }

    void deleted(long more) {
        rows += more;
        deleted += more;
    }

    long rows() {
        return rows;
    }

    long deleted() {
        return deleted;
    }
}
