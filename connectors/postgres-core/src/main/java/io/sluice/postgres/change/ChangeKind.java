package io.sluice.postgres.change;

/** What a row of a {@link RowBatch} does to the target. The code is what is written to batches and staging tables. */
public enum ChangeKind {
    /** A complete new row. */
    INSERT('I'),
    /** The new row; values that PostgreSQL did not send because they did not change are {@link RowFormat#UNCHANGED}. */
    UPDATE('U'),
    /** Of the row only the key is certain; under REPLICA IDENTITY FULL it is the complete old row. */
    DELETE('D'),
    /**
     * The old key of a row whose key changed; the new row follows as INSERT at the same position (RULES F6). Always a
     * physical delete, whatever the delete mode: the row lives on under its new key.
     */
    MOVED('M');

    private static final ChangeKind[] BY_CODE = new ChangeKind[128];

    static {
        for (ChangeKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final byte code;

    ChangeKind(char code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException for a code that no kind has */
    public static ChangeKind of(byte code) {
        ChangeKind kind = code > 0 ? BY_CODE[code] : null;
        if (kind == null) {
            throw new IllegalArgumentException("unknown change kind: " + code);
        }
        return kind;
    }
}
