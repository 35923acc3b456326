package io.sluice.postgres.apply.unit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A {@link Unit} as bytes, for checkpoints: every later version has to read them. All numbers are big-endian; the
 * schema of a table stands once, before the steps, which name it by its number.
 */
public final class UnitCodec {
    public static final int VERSION = 1;

    private UnitCodec() {}

    public static byte[] write(Unit unit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        new UnitWriter(out, unit.steps()).write(unit);
        out.flush();
        return bytes.toByteArray();
    }

    /** @throws IOException when the bytes are of an unknown version or not a whole unit */
    public static Unit read(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("a unit of format version " + version + " cannot be read, this build knows version "
                    + VERSION + " only; restore with the build that wrote it");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Unit unit = new UnitReader(in).read();
        if (in.available() > 0) {
            throw new IOException("not a unit: " + in.available() + " bytes follow its end");
        }
        return unit;
    }
}
