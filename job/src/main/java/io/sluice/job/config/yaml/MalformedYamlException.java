package io.sluice.job.config.yaml;

/**
 * The text is no YAML that can be read. The message never quotes the file: the line at fault may hold
 * a password.
 */
public final class MalformedYamlException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedYamlException(String message) {
        super(message);
    }
}
