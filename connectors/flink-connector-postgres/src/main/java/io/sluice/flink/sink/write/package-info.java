/** The sink's first phase: what writers take and how it reaches them. */
@NullMarked
package io.sluice.flink.sink.write;

import org.jspecify.annotations.NullMarked;
