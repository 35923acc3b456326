package io.sluice.postgres.change.wire;

import java.io.DataInput;
import java.io.IOException;

/** Refuses bytes that another version wrote and this one cannot read. */
final class Versions {
    private Versions() {}

    /** @param what was written, for the message */
    static void expect(int known, String what, DataInput in) throws IOException {
        int found = in.readUnsignedByte();
        if (found != known) {
            throw new IOException(what + " of version " + found + ", this Sluice reads version " + known
                    + "; use the release that wrote it, or a newer one");
        }
    }
}
