/** What a writer hands to the committer: staged rows and cuts, in order. */
@NullMarked
package io.sluice.postgres.apply.unit;

import org.jspecify.annotations.NullMarked;
