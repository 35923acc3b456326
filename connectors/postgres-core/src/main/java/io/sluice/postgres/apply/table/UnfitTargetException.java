package io.sluice.postgres.apply.table;

import java.util.List;

/** A target table that cannot take a source table's rows; says what is wrong and what to do. */
public final class UnfitTargetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnfitTargetException(List<String> problems) {
        super(String.join("; ", problems));
    }
}
