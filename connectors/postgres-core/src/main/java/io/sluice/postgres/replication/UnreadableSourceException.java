package io.sluice.postgres.replication;

import java.util.List;

/** A source that must not be read as it is: going on would lose or invent changes. Trying again does not help. */
public final class UnreadableSourceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    UnreadableSourceException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each a sentence with its remedy. */
    public List<String> problems() {
        return problems;
    }
}
