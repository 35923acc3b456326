/** The writing half of a target: takes batches, makes what they hold durable, and says what is to be committed. */
@NullMarked
package io.sluice.postgres.apply.write;

import org.jspecify.annotations.NullMarked;
