package io.sluice.job.config.option;

/** The text of a value is not what its key takes; the message finishes the sentence "the key ...". */
public final class UnreadableValueException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableValueException(String rule) {
        super(rule);
    }
}
