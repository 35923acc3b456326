/** Times Sluice against PostgreSQL's own logical replication: same servers, same data, in turn. */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
