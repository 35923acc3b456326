/** The first copy: a snapshot's rows straight into their table, each once, and the key built after them. */
@NullMarked
package io.sluice.postgres.apply.load;

import org.jspecify.annotations.NullMarked;
