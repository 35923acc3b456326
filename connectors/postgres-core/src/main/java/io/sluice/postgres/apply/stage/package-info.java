/** What a writer holds until the next barrier: changes folded by key, and the staging tables they are copied into. */
@NullMarked
package io.sluice.postgres.apply.stage;

import org.jspecify.annotations.NullMarked;
