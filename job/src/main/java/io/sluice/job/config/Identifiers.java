package io.sluice.job.config;

import io.sluice.job.config.option.UnreadableValueException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What PostgreSQL takes as a name. */
final class Identifiers {
    /** NAMEDATALEN - 1; the server cuts longer names silently, and two could become one. */
    static final int LONGEST = 63;

    private Identifiers() {}

    static boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    static String checked(String name) throws UnreadableValueException {
        if (!fits(name)) {
            throw new UnreadableValueException("is too long: a name in PostgreSQL has at most " + LONGEST + " bytes");
        }
        if (name.indexOf('\0') >= 0) {
            throw new UnreadableValueException("holds a character that no name in PostgreSQL can have");
        }
        return name;
    }

    /** Makes a slot name, which has only small letters, digits and underscores, out of any text. */
    static String slotName(String text) {
        return cut(text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_"));
    }

    static String cut(String asciiName) {
        return asciiName.length() > LONGEST ? asciiName.substring(0, LONGEST) : asciiName;
    }
}
