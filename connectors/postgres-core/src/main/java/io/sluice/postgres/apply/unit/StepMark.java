package io.sluice.postgres.apply.unit;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The byte in front of a step or a place in a unit's bytes. */
enum StepMark {
    ROWS('R'),
    SNAPSHOT_ROWS('S'),
    KEY_UPDATE('K'),
    TRUNCATE('T'),
    IN_TABLE('t'),
    INLINE('i');

    private final int code;

    StepMark(char code) {
        this.code = code;
    }

    void write(DataOutput out) throws IOException {
        out.writeByte(code);
    }

    static StepMark read(DataInput in) throws IOException {
        int code = in.readUnsignedByte();
        for (StepMark mark : values()) {
            if (mark.code == code) {
                return mark;
            }
        }
        throw new IOException("not a unit: unknown mark " + code);
    }
}
