package io.sluice.postgres.change.wire;

import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;

/** Runs of bytes behind an int32 length. */
final class Bytes {
    private Bytes() {}

    static byte[] read(DataInput in) throws IOException {
        byte[] bytes = new byte[length(in)];
        in.readFully(bytes);
        return bytes;
    }

    static int length(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            throw new IOException("malformed: a length of " + length + " bytes");
        }
        return length;
    }

    static void skip(DataInput in, int count) throws IOException {
        int left = count;
        while (left > 0) {
            int skipped = in.skipBytes(left);
            if (skipped <= 0) {
                throw new EOFException("malformed: " + left + " bytes are missing");
            }
            left -= skipped;
        }
    }
}
