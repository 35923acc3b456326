package io.sluice.job.config;

import java.util.regex.Pattern;

/** How references to environment variables and files are written. */
final class References {
    static final Pattern WHOLE = Pattern.compile("\\$\\{(env|file):([^{}]+)}");
    static final Pattern LOOKS_LIKE_ONE = Pattern.compile("\\$\\{\\s*(env|file)\\b|^\\$\\{.*}$");

    private References() {}
}
