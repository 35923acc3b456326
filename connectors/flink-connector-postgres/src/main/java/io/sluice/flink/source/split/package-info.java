/** What readers work on, chunks of tables and the stream of a slot, and the bytes they have in state. */
@NullMarked
package io.sluice.flink.source.split;

import org.jspecify.annotations.NullMarked;
