package io.sluice.job.config;

import java.io.Serializable;

/** How many writers share the target's tables: the seed's formula, bounded by what the cluster has. */
public record WriterParallelism(int requested, int max) implements Serializable {
    private static final int ONE_PER_TABLE = 0;
    private static final int ONE_PER_CORE = -1;

    public WriterParallelism {
        if (requested < ONE_PER_CORE) {
            throw new IllegalArgumentException("parallelism " + requested + " makes no sense; use -1, 0 or more");
        }
        if (max < 1) {
            throw new IllegalArgumentException("max-parallelism " + max + " makes no sense; use 1 or more");
        }
    }

    /**
     * The number of writers.
     *
     * @param tables the selected tables, counted when the job is submitted; later ones share
     * @param slots the slots of the cluster, one per core by default
     */
    public int writers(int tables, int slots) {
        int wanted =
                switch (requested) {
                    case ONE_PER_TABLE -> tables;
                    case ONE_PER_CORE -> slots;
                    default -> requested;
                };
        return Math.max(1, Math.min(wanted, Math.min(max, slots)));
    }
}
