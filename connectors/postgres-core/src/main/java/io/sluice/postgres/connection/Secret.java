package io.sluice.postgres.connection;

import java.io.Serializable;
import java.util.Objects;

/**
 * A password, or where to find it: {@code ${env:NAME}} or {@code ${file:PATH}}. A reference is resolved on the machine
 * that opens the connection, at that moment; job graphs, logs and messages hold the reference (RULES S22).
 */
public record Secret(String reference) implements Serializable {
    public Secret {
        Objects.requireNonNull(reference, "reference is null");
    }

    public boolean isLiteral() {
        return !Reference.isOne(reference);
    }

    /** @throws IllegalStateException when the variable is not set or the file cannot be read; never shows the value */
    public String resolve() {
        return Reference.resolve(reference);
    }

    @Override
    public String toString() {
        return isLiteral() ? "******" : reference;
    }
}
