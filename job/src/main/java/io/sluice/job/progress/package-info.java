/** How far a pipeline is, asked of its servers and told to people. */
@NullMarked
package io.sluice.job.progress;

import org.jspecify.annotations.NullMarked;
