package io.sluice.flink.source.option;

import java.io.Serializable;
import java.util.Optional;

/** Asked on the JobManager, outside its main thread, when a source starts without state; never on a restore. */
@FunctionalInterface
public interface ResumePoint extends Serializable {
    /** Every start is the first one. */
    ResumePoint NOTHING_KNOWN = Optional::empty;

    Optional<Resume> read() throws Exception;
}
