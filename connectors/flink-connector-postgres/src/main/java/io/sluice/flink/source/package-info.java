/** A Flink source that copies PostgreSQL tables and follows their changes, each exactly once. */
@NullMarked
package io.sluice.flink.source;

import org.jspecify.annotations.NullMarked;
