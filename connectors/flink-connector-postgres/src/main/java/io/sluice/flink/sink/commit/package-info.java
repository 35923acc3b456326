/** The sink's second phase: units become visible in the target. */
@NullMarked
package io.sluice.flink.sink.commit;

import org.jspecify.annotations.NullMarked;
