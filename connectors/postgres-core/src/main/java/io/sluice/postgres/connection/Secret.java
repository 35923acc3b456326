package io.sluice.postgres.connection;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return !(refersTo("${env:") || refersTo("${file:"));
    }

    /** @throws IllegalStateException when the variable is not set or the file cannot be read; never shows the value */
    public String resolve() {
        if (refersTo("${env:")) {
            String name = reference.substring("${env:".length(), reference.length() - 1);
            String value = System.getenv(name);
            if (value == null) {
                throw new IllegalStateException("environment variable " + name
                        + " is not set; set it where the connection is opened, or use ${file:PATH}");
            }
            return value;
        }
        if (refersTo("${file:")) {
            Path path = Path.of(reference.substring("${file:".length(), reference.length() - 1));
            try {
                return Files.readString(path).stripTrailing();
            } catch (IOException e) {
                throw new IllegalStateException(
                        "cannot read the secret file " + path + ": " + e + "; it has to exist where the connection"
                                + " is opened",
                        e);
            }
        }
        return reference;
    }

    @Override
    public String toString() {
        return isLiteral() ? "******" : reference;
    }

    private boolean refersTo(String prefix) {
        return reference.startsWith(prefix) && reference.endsWith("}");
    }
}
