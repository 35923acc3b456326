/** What a user decides about a source: tables, start, stop, and what is known from earlier runs. */
@NullMarked
package io.sluice.flink.source.option;

import org.jspecify.annotations.NullMarked;
