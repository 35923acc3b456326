/** The change model: what flows from a source to a target, as bytes that PostgreSQL sent. */
@NullMarked
package io.sluice.postgres.change;

import org.jspecify.annotations.NullMarked;
