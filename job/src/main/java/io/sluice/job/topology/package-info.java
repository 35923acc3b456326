/** The pipeline as a Flink job: source, sink and the options that exactly once needs. */
@NullMarked
package io.sluice.job.topology;

import org.jspecify.annotations.NullMarked;
