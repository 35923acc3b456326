/** SQL as text: names, definitions, statements; no I/O. */
@NullMarked
package io.sluice.postgres.sql;

import org.jspecify.annotations.NullMarked;
