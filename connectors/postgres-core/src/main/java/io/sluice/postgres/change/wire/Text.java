package io.sluice.postgres.change.wire;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Texts of any length, as int32 number of bytes and UTF-8; {@code writeUTF} ends at 64 KB. */
public final class Text {
    private Text() {}

    public static void write(String text, DataOutput out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** @throws IOException when the bytes end early or the length is negative */
    public static String read(DataInput in) throws IOException {
        return new String(Bytes.read(in), StandardCharsets.UTF_8);
    }
}
