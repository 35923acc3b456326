package io.sluice.job.config;

import io.sluice.job.config.option.Choice;
import io.sluice.job.config.option.Key;
import io.sluice.job.config.option.TrueOrFalse;
import java.util.List;

/** The keys of one side that concern encryption. */
record TlsKeys(
        Key<Boolean> useSsl,
        Key<SslMode> mode,
        Key<ConfigText> caCertificate,
        Key<ConfigText> clientCertificate,
        Key<ConfigText> clientKey,
        Key<ConfigText> clientPassword) {
    private static final String PEM = "PEM text, also flattened into one line, or the path of a file";

    static TlsKeys of(String section) {
        return new TlsKeys(
                Key.named(section + ".use-ssl", new TrueOrFalse())
                        .about("`true` is sslmode `require`: without SSL at the server, or when it refuses the client's"
                                + " certificate, the connection fails. With a CA certificate the server's chain is"
                                + " verified (`verify-ca`).")
                        .example("true")
                        .or(false),
                Key.named(section + ".ssl-mode", Choice.kebab(SslMode.class))
                        .about("Overrides what `use-ssl` implies.")
                        .example("verify-full")
                        .derived("`prefer`; with `use-ssl` `require`, with a CA certificate too `verify-ca`"),
                Key.named(section + ".ssl-ca-certificate", ConfigText.shown(PEM))
                        .about("The certificate authority that the server's certificate must come from: " + PEM + ".")
                        .example("/etc/ssl/ca.pem")
                        .optional(),
                Key.named(section + ".ssl-client-certificate", ConfigText.shown(PEM))
                        .about("The client's certificate: " + PEM + ".")
                        .example("/etc/ssl/client.pem")
                        .optional(),
                Key.named(section + ".ssl-client-key", ConfigText.hidden())
                        .about("The key of the client's certificate, PKCS#1 or PKCS#8, encrypted or not: " + PEM + ".")
                        .example("${file:/run/secrets/client.key}")
                        .optional(),
                Key.named(section + ".ssl-client-password", ConfigText.hidden())
                        .about("The passphrase of an encrypted client key.")
                        .example("${env:CLIENT_KEY_PASSWORD}")
                        .optional());
    }

    List<Key<?>> all() {
        return List.of(useSsl, mode, caCertificate, clientCertificate, clientKey, clientPassword);
    }
}
