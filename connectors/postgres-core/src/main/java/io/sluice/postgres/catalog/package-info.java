/** Reads tables from pg_catalog, in as many queries for two thousand tables as for one. */
@NullMarked
package io.sluice.postgres.catalog;

import org.jspecify.annotations.NullMarked;
