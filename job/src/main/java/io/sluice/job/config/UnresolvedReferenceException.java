package io.sluice.job.config;

/** What a reference of the configuration names does not exist here. */
public final class UnresolvedReferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnresolvedReferenceException(String message) {
        super(message);
    }

    UnresolvedReferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
