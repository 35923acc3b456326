/** Real PostgreSQL servers for tests, the demo and the benchmarks: embedded, without installation, on loopback. */
@NullMarked
package io.sluice.testkit;

import org.jspecify.annotations.NullMarked;
