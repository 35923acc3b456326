package io.sluice.job.config;

import static io.sluice.job.config.ConfigFixture.config;
import static io.sluice.job.config.ConfigFixture.invalid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFaultsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth-database",
                "auth_database",
                "authDatabase",
                "enable-srv",
                "enable_srv",
                "enableSrv",
                "replica-set",
                "replicaSet",
                "replica_set",
                "direct-connection",
                "directConnection",
                "direct_connection"
            })
    void fieldsOfAnotherDatabaseSayWhoseTheyAre(String key) {
        assertThat(config().with("source." + key, "x").fault().rule())
                .startsWith("belongs to another database's connector");
    }

    @ParameterizedTest
    @CsvSource({
        "source.verify-mode,        called \"ssl-mode\"",
        "source.verifyMode,         called \"ssl-mode\"",
        "source.hots,               did you mean \"host\"",
        "source.use_ssl,            write it \"use-ssl\"",
        "source.useSSL,             write it \"use-ssl\"",
        "target.batchSize,          write it \"batch-size\"",
        "target.maximum-parallelism,write it \"max-parallelism\"",
        "target.target-table,       write it \"table\"",
        "source.hard-delete,        did you mean \"target.hard-delete\"",
        "pipeline.nmae,             did you mean \"name\""
    })
    void unknownKeysNameTheNearestKnownOne(String key, String words) {
        assertThat(config().with(key, "x").fault()).satisfies(fault -> {
            assertThat(fault.key()).isEqualTo(key);
            assertThat(fault.rule()).contains("unknown key").contains(words);
        });
    }

    @Test
    @DisplayName("S22: faults never show a secret, not even under a mistyped key or in broken YAML")
    void faultsShowNoSecret() {
        assertThat(config().with("source.password", "'hunter2 ${env:X}'")
                        .fault()
                        .toString())
                .contains("source.password (line 6) = \"***\"")
                .doesNotContain("hunter2");
        assertThat(config().with("source.pasword", "hunter2").fault().toString())
                .doesNotContain("hunter2");
        assertThat(config().with("source.password", "[hunter2]").fault().toString())
                .doesNotContain("hunter2");
        for (String broken :
                List.of("*hunter2", "!hunter2!x y", "\"hunter2", "{hunter2", "hunter2: x: y", "%hunter2")) {
            assertThat(invalid("source:\n  password: " + broken + "\n").getMessage())
                    .startsWith("test.yaml is not valid YAML: line ")
                    .doesNotContain("hunter2");
        }
        assertThat(config().with("flink.s3.secret-key", "${env:hunter2}")
                        .fault()
                        .toString())
                .doesNotContain("hunter2");
    }

    @Test
    void longValuesAreCutAndFlattened() {
        assertThat(config().with("source.port", "\"1\\n" + "2".repeat(100) + '"')
                        .fault())
                .asString()
                .contains("= \"1 " + "2".repeat(58) + "...\"");
    }

    @Test
    void aPortTakesNoReference() {
        assertThat(config().with("source.port", "${env:PORT}").fault().rule())
                .isEqualTo("takes a whole number from 1 to 65535");
    }

    @Test
    void referencesUnderFlinkAreRefusedAndNotIgnored() {
        assertThat(config().with("flink.s3.access-key", "${env:KEY}").fault())
                .hasToString("flink.s3.access-key (line 20): holds a reference, but Flink resolves none; give it in"
                        + " Flink's own configuration; for example  taskmanager.numberOfTaskSlots: 4");
    }

    @Test
    void flinkOptionsNeedPlainValues() {
        assertThat(config().with("flink.a.b", "").fault().rule()).startsWith("has no value");
        assertThat(config().with("flink.a.b", "[[x]]").fault().rule()).startsWith("takes a value or a list");
        assertThat(config().with("flink.a.b", "1")
                        .with("flink.a", "{b: 2}")
                        .fault()
                        .rule())
                .startsWith("stands in the file twice");
    }

    @ParameterizedTest
    @CsvSource({
        "source.use-ssl, true",
        "source.ssl-mode, require",
        "source.ssl-ca-certificate, /ca.pem",
        "source.debug-lsn, true",
        "source.iterator-size, 100",
        "source.slot-keep-time, 24 h",
        "source.secondary-host, standby",
        "source.connector, singer",
        "target.use-ssl, true",
        "target.connector, blackhole",
        "target.connector, singer",
        "target.allow-merge-tables, true",
        "target.schema-privileges, SELECT",
        "target.data-flattening-max-level, 1",
        "target.validate-records, true",
        "target.on-error, quarantine",
        "target.delivery-guarantee, at-least-once",
        "target.schema-evolution, ignore",
        "target.allow-append, true",
        "target.staging-budget, 100 MiB"
    })
    void keysThatAreNotBuiltEndTheStart(String key, String value) {
        assertThat(config().with(key, value).fault()).satisfies(fault -> {
            assertThat(fault.key()).isEqualTo(key);
            assertThat(fault.value()).isEqualTo(value);
            assertThat(fault.rule()).startsWith("not supported yet: " + key + "; leave it out");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "source.use-ssl, false",
        "source.iterator-size, 20000",
        "source.slot-keep-time, 0",
        "source.connector, postgres",
        "target.schema-privileges, none",
        "target.delivery-guarantee, exactly-once",
        "target.schema-evolution, evolve"
    })
    void keysThatAreNotBuiltMayStandThereWithTheirDefault(String key, String value) {
        assertThat(config().with(key, value).parse()).isEqualTo(config().parse());
    }

    @Test
    void aConnectorThatIsNoServerNeedsNoConnection() {
        assertThat(ConfigFixture.faultsOf("""
                        source: {connector: singer}
                        target: {connector: blackhole}
                        """))
                .extracting(Fault::key)
                .containsExactly("source.connector", "target.connector");
    }
}
