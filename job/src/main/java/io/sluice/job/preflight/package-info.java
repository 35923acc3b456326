/** What can be known to be wrong before anything is started, made or changed. */
@NullMarked
package io.sluice.job.preflight;

import org.jspecify.annotations.NullMarked;
