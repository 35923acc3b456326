package io.sluice.job.config;

import static java.util.Objects.requireNonNull;

import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.UnreadableValueException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text of a connection: written in the file, or a reference to where it stands. A reference stays one in
 * the job graph, in arguments and in logs; only {@link #resolve()}, called where a connection is opened,
 * looks behind it.
 */
public sealed interface ConfigText extends Serializable {
    /** The text itself, read now. */
    String resolve();

    /** Whether a secret stands in the file itself. */
    default boolean exposesSecret() {
        return false;
    }

    /** A text that may be shown. */
    record Shown(String text) implements ConfigText {
        public Shown {
            requireNonNull(text, "text is null");
        }

        @Override
        public String resolve() {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A secret that stands in the file itself. */
    record Hidden(String text) implements ConfigText {
        static final String MASK = "***";

        public Hidden {
            requireNonNull(text, "text is null");
        }

        @Override
        public String resolve() {
            return text;
        }

        @Override
        public boolean exposesSecret() {
            return true;
        }

        /** Whether a key itself stands here, and not the path of its file. */
        boolean isPem() {
            return text.contains("-----BEGIN");
        }

        @Override
        public String toString() {
            return MASK;
        }
    }

    /** {@code ${env:NAME}}. */
    record Environment(String name) implements ConfigText {
        public Environment {
            requireNonNull(name, "name is null");
        }

        @Override
        public String resolve() {
            String text = System.getenv(name);
            if (text == null) {
                throw new UnresolvedReferenceException("the environment variable " + name + ", named by " + this
                        + ", is not set for this process; set it, or use ${file:PATH}");
            }
            return text;
        }

        @Override
        public String toString() {
            return "${env:" + name + "}";
        }
    }

    /** {@code ${file:PATH}}. One line break at the end, which editors add, does not belong to the text. */
    record FileContent(String path) implements ConfigText {
        private static final Pattern LAST_LINE_BREAK = Pattern.compile("\\r?\\n\\z");

        public FileContent {
            requireNonNull(path, "path is null");
        }

        @Override
        public String resolve() {
            try {
                return LAST_LINE_BREAK.matcher(Files.readString(Path.of(path))).replaceFirst("");
            } catch (IOException | IllegalArgumentException e) {
                throw new UnresolvedReferenceException(
                        "the file named by " + this + " can not be read ("
                                + e.getClass().getSimpleName() + "); check the path and its permissions",
                        e);
            }
        }

        @Override
        public String toString() {
            return "${file:" + path + "}";
        }
    }

    /** The type of keys whose literal value may be shown. */
    static Text<ConfigText> shown(String takes) {
        return Text.of("text or reference", takes, text -> parse(text, new Shown(text)));
    }

    /** The type of keys whose literal value is never shown. */
    static Text<ConfigText> hidden() {
        String takes = "a text, or a reference: ${env:NAME} or ${file:PATH}";
        return Text.secret("secret or reference", takes, text -> parse(text, new Hidden(text)));
    }

    private static ConfigText parse(String text, ConfigText literal) throws UnreadableValueException {
        Matcher reference = References.WHOLE.matcher(text);
        if (reference.matches()) {
            return reference.group(1).equals("env")
                    ? new Environment(reference.group(2))
                    : new FileContent(reference.group(2));
        }
        if (References.LOOKS_LIKE_ONE.matcher(text).find()) {
            throw new UnreadableValueException(
                    "holds something like a reference, but a reference is ${env:NAME} or ${file:PATH} and nothing else");
        }
        return literal;
    }
}
