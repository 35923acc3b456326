package io.sluice.postgres.pgoutput;

import io.sluice.postgres.change.BigEndian;
import io.sluice.postgres.change.MalformedMessageException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one message; every read is checked against the message's end. */
final class MessageReader {
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    void reset(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return at;
    }

    byte int8() {
        return bytes[take(1)];
    }

    int int16() {
        return BigEndian.getShort(bytes, take(2)) & 0xffff;
    }

    int int32() {
        return BigEndian.getInt(bytes, take(4));
    }

    long int64() {
        return BigEndian.getLong(bytes, take(8));
    }

    String string() {
        int from = at;
        int to = from;
        while (to < end && bytes[to] != 0) {
            to++;
        }
        if (to == end) {
            throw malformed("a string without its end");
        }
        at = to + 1;
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Where {@code length} bytes start that are now read. */
    int take(int length) {
        if (length < 0 || length > end - at) {
            throw malformed("expected " + length + " bytes, found " + (end - at));
        }
        int from = at;
        at += length;
        return from;
    }

    void expectEnd() {
        if (at != end) {
            throw malformed((end - at) + " bytes after its end");
        }
    }

    MalformedMessageException malformed(String reason) {
        return new MalformedMessageException("pgoutput", at, reason);
    }
}
