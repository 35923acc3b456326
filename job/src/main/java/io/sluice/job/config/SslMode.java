package io.sluice.job.config;

/** The SSL modes of libpq, from the weakest to the strongest. */
public enum SslMode {
    DISABLE,
    ALLOW,
    PREFER,
    REQUIRE,
    VERIFY_CA,
    VERIFY_FULL
}
