package io.sluice.flink.source.enumerator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a checkpoint holds of the enumerator. */
public sealed interface EnumeratorState {

    /** Nothing was handed out yet; a restore starts anew. */
    record Preparing() implements EnumeratorState {}

    /**
     * Tables and slot are known.
     *
     * @param stream null when only copies are made
     * @param streaming the stream is in a reader's hands
     * @param ended the stream has reached its stop condition
     */
    record Started(@Nullable StreamStart stream, List<TableState> tables, boolean streaming, boolean ended)
            implements EnumeratorState {
        public Started {
            tables = List.copyOf(tables);
        }
    }
}
