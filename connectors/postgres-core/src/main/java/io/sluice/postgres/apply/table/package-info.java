/** First contact with a target table: makes it or checks it, and records in the ledger how its snapshot comes in. */
@NullMarked
package io.sluice.postgres.apply.table;

import org.jspecify.annotations.NullMarked;
