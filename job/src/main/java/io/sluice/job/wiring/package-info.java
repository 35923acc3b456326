/** What a pipeline's configuration says, in the words of the connector. */
@NullMarked
package io.sluice.job.wiring;

import org.jspecify.annotations.NullMarked;
