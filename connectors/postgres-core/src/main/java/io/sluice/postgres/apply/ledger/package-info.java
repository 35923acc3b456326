/** What the target remembers: how far it is, of whom, and how each table came there. */
@NullMarked
package io.sluice.postgres.apply.ledger;

import org.jspecify.annotations.NullMarked;
