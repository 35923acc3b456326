/** The configuration of a pipeline: one YAML file, read into typed and checked records. */
@NullMarked
package io.sluice.job.config;

import org.jspecify.annotations.NullMarked;
