/** The bytes that batches and positions have on the network and in state: versioned, free of Java serialization. */
@NullMarked
package io.sluice.postgres.change.wire;

import org.jspecify.annotations.NullMarked;
