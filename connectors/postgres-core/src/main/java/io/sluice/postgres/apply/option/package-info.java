/** What the user decides about how changes reach the target. */
@NullMarked
package io.sluice.postgres.apply.option;

import org.jspecify.annotations.NullMarked;
