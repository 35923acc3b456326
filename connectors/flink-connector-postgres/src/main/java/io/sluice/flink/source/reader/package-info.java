/** Reads chunks and the stream in a thread of its own and emits them in step with the state. */
@NullMarked
package io.sluice.flink.source.reader;

import org.jspecify.annotations.NullMarked;
