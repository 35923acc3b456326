package io.sluice.job.config;

import io.sluice.job.config.option.Key;
import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.WholeNumber;
import java.util.List;
import java.util.Locale;

/** The keys of one side that say which server and who connects. */
record ConnectionKeys(
        Key<String> connectionName,
        Key<ConfigText> host,
        Key<Integer> port,
        Key<ConfigText> username,
        Key<ConfigText> password,
        Key<ConfigText> databaseName) {
    static final WholeNumber PORT = new WholeNumber(1, 65_535);
    private static final String TEXT = "a text that is not empty, or a reference: ${env:NAME} or ${file:PATH}";

    static ConnectionKeys of(String section) {
        return new ConnectionKeys(
                Key.named(section + ".connection-name", Text.plain())
                        .about("Names the connection in logs, metrics and the server's `application_name`.")
                        .example(section.equals("source") ? "FromPG" : "ToPG")
                        .required(),
                Key.named(section + ".host", ConfigText.shown(TEXT))
                        .about("Host name or address of the server.")
                        .example("db.example.com")
                        .required(),
                Key.named(section + ".port", PORT)
                        .about("Port of the server.")
                        .example("5432")
                        .or(5432),
                Key.named(section + ".username", ConfigText.shown(TEXT))
                        .about("Role that connects.")
                        .example("sluice")
                        .required(),
                Key.named(section + ".password", ConfigText.hidden())
                        .about("The role's password, best as a reference: `${env:NAME}` or `${file:PATH}` is read"
                                + " where a connection is opened, and only there.")
                        .example("${env:" + section.toUpperCase(Locale.ROOT) + "_PASSWORD}")
                        .required(),
                Key.named(section + ".database-name", ConfigText.shown(TEXT))
                        .about("Database to connect to.")
                        .example("shop")
                        .required());
    }

    List<Key<?>> all() {
        return List.of(connectionName, host, port, username, password, databaseName);
    }
}
