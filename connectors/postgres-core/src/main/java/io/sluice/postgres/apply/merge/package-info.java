/** Applies the units of one barrier to the target in one transaction, each change once. */
@NullMarked
package io.sluice.postgres.apply.merge;

import org.jspecify.annotations.NullMarked;
