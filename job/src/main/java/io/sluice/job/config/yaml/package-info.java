/** YAML as a tree of plain texts with line numbers, so that no value is retyped or reformatted on the way. */
@NullMarked
package io.sluice.job.config.yaml;

import org.jspecify.annotations.NullMarked;
