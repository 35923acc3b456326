package io.sluice.postgres.connection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Texts of a connection that may stand elsewhere: {@code ${env:NAME}} or {@code ${file:PATH}}. */
final class Reference {
    private static final String ENVIRONMENT = "${env:";
    private static final String FILE = "${file:";

    /** Editors add it, it does not belong to the text; spaces do. */
    private static final Pattern LAST_LINE_BREAK = Pattern.compile("\\r?\\n\\z");

    private Reference() {}

    static boolean isOne(String text) {
        return refersTo(ENVIRONMENT, text) || refersTo(FILE, text);
    }

    /**
     * The text itself, read now.
     *
     * @throws IllegalStateException when the variable is not set or the file cannot be read; never shows a value
     */
    static String resolve(String text) {
        if (refersTo(ENVIRONMENT, text)) {
            String name = inside(ENVIRONMENT, text);
            String value = System.getenv(name);
            if (value == null) {
                throw new IllegalStateException("environment variable " + name
                        + " is not set; set it where the connection is opened, or use ${file:PATH}");
            }
            return value;
        }
        if (refersTo(FILE, text)) {
            String path = inside(FILE, text);
            try {
                return LAST_LINE_BREAK.matcher(Files.readString(Path.of(path))).replaceFirst("");
            } catch (IOException | InvalidPathException e) {
                throw new IllegalStateException(
                        "cannot read the file of the reference ${file:" + path + "}: "
                                + e.getClass().getSimpleName() + "; it has to exist where the connection is opened",
                        e);
            }
        }
        return text;
    }

    private static boolean refersTo(String prefix, String text) {
        return text.startsWith(prefix) && text.endsWith("}");
    }

    private static String inside(String prefix, String text) {
        return text.substring(prefix.length(), text.length() - 1);
    }
}
