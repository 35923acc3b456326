package io.sluice.postgres.apply.merge;

import io.sluice.postgres.change.TableName;
import java.util.List;

/** The target lacks rows whose change does not hold all of their values, so they cannot be made. */
public final class MissingRowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingRowException(TableName target, List<String> keys) {
        super("target table " + target + " lacks rows that the source updated without sending all of their values: "
                + String.join("; ", keys) + "; somebody else deleted them, or they were never copied: put them back,"
                + " or reset the pipeline to copy the table anew");
    }
}
