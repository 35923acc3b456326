/** Flink in this process: a cluster whose doors open to this machine only, the jobs on it and what they measure. */
@NullMarked
package io.sluice.job.local;

import org.jspecify.annotations.NullMarked;
