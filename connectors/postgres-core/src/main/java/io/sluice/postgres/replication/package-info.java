/** Replication slots and what it takes to read them. */
@NullMarked
package io.sluice.postgres.replication;

import org.jspecify.annotations.NullMarked;
