/** The demonstration: two servers of its own, a shop's tables, a live load, failures, and a comparison at the end. */
@NullMarked
package io.sluice.job.demo;

import org.jspecify.annotations.NullMarked;
