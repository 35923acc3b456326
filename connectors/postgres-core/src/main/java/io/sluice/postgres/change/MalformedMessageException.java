package io.sluice.postgres.change;

/** Bytes that are no message of the decoding plugin. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param offset of the byte where reading stopped; the reason holds no values of the row */
    public MalformedMessageException(String plugin, long offset, String reason) {
        super("malformed " + plugin + " message at byte " + offset + ": " + reason);
    }
}
