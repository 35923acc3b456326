/** The messages of PostgreSQL's own logical decoding plugin, decoded without I/O. */
@NullMarked
package io.sluice.postgres.pgoutput;

import org.jspecify.annotations.NullMarked;
