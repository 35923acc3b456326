/** Between writers and committer: all that one checkpoint cut, together and in one commit. */
@NullMarked
package io.sluice.flink.sink.gather;

import org.jspecify.annotations.NullMarked;
