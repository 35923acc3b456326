package io.sluice.postgres.wal2json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.sluice.postgres.change.MalformedMessageException;

/** The parser, set up for messages of a server that is trusted. */
final class Json {
    /** Values are as long as rows may be: the parser's own limits are for input of strangers. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /** JSON that is not what wal2json writes, noticed where the parser stands. */
    static MalformedMessageException malformed(JsonParser in, String reason) {
        return malformed(in.currentLocation().getByteOffset(), reason);
    }

    static MalformedMessageException malformed(long offset, String reason) {
        return new MalformedMessageException("wal2json", offset, reason);
    }
}
