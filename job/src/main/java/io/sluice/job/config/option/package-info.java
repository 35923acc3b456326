/** How one key is declared: its Flink option, its type, its default and how its text is read. */
@NullMarked
package io.sluice.job.config.option;

import org.jspecify.annotations.NullMarked;
