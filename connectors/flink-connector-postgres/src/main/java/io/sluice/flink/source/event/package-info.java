/** What enumerator and readers tell each other about chunks (RULES S5) and the end of the stream (RULES M13). */
@NullMarked
package io.sluice.flink.source.event;

import org.jspecify.annotations.NullMarked;
