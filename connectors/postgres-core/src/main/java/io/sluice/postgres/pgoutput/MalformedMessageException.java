package io.sluice.postgres.pgoutput;

/** Bytes that are no message of the plugin. */
public final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedMessageException(int offset, String reason) {
        super("malformed pgoutput message at byte " + offset + ": " + reason);
    }
}
