/** From batches to a user's own records. */
@NullMarked
package io.sluice.flink.source.row;

import org.jspecify.annotations.NullMarked;
