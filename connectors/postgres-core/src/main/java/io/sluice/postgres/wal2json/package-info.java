/** The messages of the wal2json decoding plugin, format version 2, decoded without I/O. */
@NullMarked
package io.sluice.postgres.wal2json;

import org.jspecify.annotations.NullMarked;
