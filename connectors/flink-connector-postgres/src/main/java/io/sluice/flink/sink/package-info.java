/** Two-phase commit into PostgreSQL. */
@NullMarked
package io.sluice.flink.sink;

import org.jspecify.annotations.NullMarked;
