/** The command line: what {@code bin/sluice} runs. */
@NullMarked
package io.sluice.job.cli;

import org.jspecify.annotations.NullMarked;
