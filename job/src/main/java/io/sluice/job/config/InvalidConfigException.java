package io.sluice.job.config;

import java.util.List;

/** A configuration can not be used; carries all that is wrong with it. */
public final class InvalidConfigException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    InvalidConfigException(String origin, List<Fault> faults) {
        super(message(origin, faults));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }

    private static String message(String origin, List<Fault> faults) {
        if (faults.size() == 1) {
            return origin + (faults.get(0).key() == null ? " " : ": ") + faults.get(0);
        }
        StringBuilder text = new StringBuilder(origin + ": " + faults.size() + " faults");
        faults.forEach(fault -> text.append("\n  ").append(fault));
        return text.toString();
    }
}
