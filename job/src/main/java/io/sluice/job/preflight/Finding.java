package io.sluice.job.preflight;

import java.util.Objects;

/**
 * One thing that a look at the servers showed.
 *
 * @param what is the case, with the values that it is about
 * @param remedy what to do; empty when there is nothing to do
 */
public record Finding(Severity severity, String what, String remedy) {
    /** Whether the pipeline may start. */
    public enum Severity {
        /** It cannot work. */
        ERROR,
        /** It works, but think about it. */
        WARNING,
        INFO
    }

    public Finding {
        Objects.requireNonNull(severity, "severity is null");
        Objects.requireNonNull(what, "what is null");
        Objects.requireNonNull(remedy, "remedy is null");
    }

    static Finding error(String what, String remedy) {
        return new Finding(Severity.ERROR, what, remedy);
    }

    static Finding warning(String what, String remedy) {
        return new Finding(Severity.WARNING, what, remedy);
    }

    static Finding info(String what) {
        return new Finding(Severity.INFO, what, "");
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code error: what; remedy}. */
    @Override
    public String toString() {
        String text = severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + what;
        return remedy.isEmpty() ? text : text + "; " + remedy;
    }
}
