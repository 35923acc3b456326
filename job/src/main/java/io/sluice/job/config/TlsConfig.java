package io.sluice.job.config;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** How a connection is encrypted and what it trusts. Certificates and keys are PEM text or the path of a file. */
public record TlsConfig(
        SslMode mode,
        @Nullable ConfigText caCertificate,
        @Nullable ClientCertificate client) implements Serializable {

    /** What the client shows to the server. */
    public record ClientCertificate(
            ConfigText certificate,
            ConfigText key,
            @Nullable ConfigText keyPassword) implements Serializable {}
}
