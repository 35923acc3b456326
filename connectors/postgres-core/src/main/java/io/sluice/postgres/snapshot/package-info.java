/** Consistent copies of tables: one exported snapshot, chunks of it, and which changes it holds already. */
@NullMarked
package io.sluice.postgres.snapshot;

import org.jspecify.annotations.NullMarked;
