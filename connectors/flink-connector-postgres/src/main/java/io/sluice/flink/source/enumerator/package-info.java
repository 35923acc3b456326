/** Starts a source and hands out its work: tables, slot, snapshot, chunks, and then the stream. */
@NullMarked
package io.sluice.flink.source.enumerator;

import org.jspecify.annotations.NullMarked;
