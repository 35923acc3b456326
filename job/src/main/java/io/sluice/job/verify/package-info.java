/** Compares tables of two servers, row by row, by queries that share nothing with the way the rows travelled. */
@NullMarked
package io.sluice.job.verify;

import org.jspecify.annotations.NullMarked;
