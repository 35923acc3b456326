package io.sluice.job.config;

import static io.sluice.job.config.ConfigFixture.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.config.option.Fallback;
import io.sluice.job.config.option.Key;
import io.sluice.job.config.yaml.MalformedYamlException;
import io.sluice.job.config.yaml.YamlParser;
import io.sluice.job.config.yaml.YamlValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins every key: its default, how an explicit value is read, and values that it refuses. */
class EveryKeyTest {
    private static final String REQUIRED = "required";
    private static final String NONE = "none";
    private static final String DERIVED = "derived";

    /** Key, default, a right value, how it reads; then wrong values. */
    private record Row(String key, String fallback, String right, String reads, List<String> wrong) {}

    private static Row row(String key, String fallback, String right, String reads, String... wrong) {
        return new Row(key, fallback, right, reads, List.of(wrong));
    }

    private static Stream<Row> connection(String side) {
        return Stream.of(
                row(side + ".connection-name", REQUIRED, "My PG", "My PG", "''", "[a]"),
                row(side + ".host", REQUIRED, "db", "db", "''", "${home:x}"),
                row(side + ".port", "5432", "6543", "6543", "0", "65536", "5_432", "0x10", "5432.0", "port", "-1"),
                row(side + ".username", REQUIRED, "${env:PGUSER}", "${env:PGUSER}", "''", "${env:}"),
                row(side + ".password", REQUIRED, "0123", "***", "''", "${vault:x}", "a${env:B}"),
                row(side + ".database-name", REQUIRED, "shop", "shop", "''", "{a: b}"),
                row(side + ".use-ssl", "false", "'true'", "true", "yes", "TRUE", "1", "on"),
                row(side + ".ssl-mode", DERIVED, "verify-full", "VERIFY_FULL", "VERIFY_FULL", "none", "verify_ca"),
                row(side + ".ssl-ca-certificate", NONE, "/etc/ca.pem", "/etc/ca.pem", "''", "[a]"),
                row(side + ".ssl-client-certificate", NONE, "/etc/c.pem", "/etc/c.pem", "''", "[a]"),
                row(side + ".ssl-client-key", NONE, "/etc/k.pem", "***", "''", "[a]"),
                row(side + ".ssl-client-password", NONE, "secret", "***", "''", "[a]"));
    }

    private static Stream<Row> pipeline() {
        return Stream.of(
                row("pipeline.name", DERIVED, "orders-1", "orders-1", "'two words'", "-x", "''", "a".repeat(64)),
                row("pipeline.checkpoint-interval", "10 s", "1 s", "PT1S", "-1", "soon", "1.5 s", "5 ms"),
                row("pipeline.parallelism", DERIVED, "4", "4", "0", "-1", "many"),
                row("pipeline.staging-schema", "_sluice", "staging", "staging", "''", "s".repeat(64)),
                row("pipeline.state-backend", NONE, "rocksdb", "rocksdb", "''", "[rocksdb]"),
                row("pipeline.checkpoint-dir", NONE, "s3://b/c", "s3://b/c", "''", "[a]"));
    }

    private static Stream<Row> source() {
        return Stream.of(
                row("source.connector", "postgres", "singer", "SINGER", "mysql", "POSTGRES"),
                row("source.schema", REQUIRED, "[a, /b.*/]", "[a, /b.*/]", "''", "[]", "[a, a]", "[[a]]", "/(/"),
                row("source.table", REQUIRED, "/ord.*/", "[/ord.*/]", "''", "[]", "t".repeat(64), "/[/", "{a: b}"),
                row("source.replication-method", REQUIRED, "FULL_TABLE", "FULL_TABLE", "full_table", "INCREMENTAL"),
                row("source.replication-slot", DERIVED, "slot_1", "slot_1", "Slot", "a-b", "''", "s".repeat(64)),
                row("source.slot-creation", "auto", "never", "NEVER", "always", "true"),
                row("source.plugin", DERIVED, "wal2json", "WAL2JSON", "decoderbufs", "PGOUTPUT"),
                row("source.publication", DERIVED, "my pub", "my pub", "''", "p".repeat(64)),
                row("source.break-at-no-data-received", "10800 s", "0", "PT0S", "-1", "3 hours ago", "1e3"),
                row("source.break-at-end-lsn", "false", "true", "true", "no", "0"),
                row("source.wal-sender-timeout", "3600000 ms", "10000000", "PT2H46M40S", "-1", "2147483648", "x"),
                row("source.debug-lsn", "false", "true", "true", "y", "True"),
                row("source.iterator-size", "20000", "50000", "50000", "0", "many", "2147483648"),
                row("source.chunk-bytes", "128 MiB", "256 MiB", "256 mb", "1 KiB", "-1", "128 MiBi", "big"),
                row("source.use-secondary", "false", "true", "true", "1", "standby"),
                row("source.secondary-host", NONE, "standby", "standby", "''", "[a]"),
                row("source.secondary-port", NONE, "5433", "5433", "0", "x"),
                row("source.startup-mode", "initial", "stream-only", "STREAM_ONLY", "STREAM_ONLY", "latest"),
                row("source.slot-keep-time", "0 s", "24 h", "PT24H", "-1", "a day"));
    }

    private static Stream<Row> target() {
        return Stream.of(
                row("target.connector", "postgres", "blackhole", "BLACKHOLE", "null-sink", "mysql"),
                row("target.connection-timeout", "30 s", "-1", "PT-1S", "soon", "1.5"),
                row("target.schema", REQUIRED, "${schema}", "${schema}", "''", "${db}", "s".repeat(64)),
                row("target.table", REQUIRED, "${schema}_${table}", "${schema}_${table}", "''", "${}", "[a, b]"),
                row("target.allow-merge-tables", "false", "true", "true", "yes", "1"),
                row("target.primary-key-required", "true", "'false'", "false", "no", "FALSE"),
                row("target.hard-delete", "false", "true", "true", "hard", "1"),
                row("target.add-metadata-columns", "false", "true", "true", "yes", "'True'"),
                row("target.truncate", "apply", "ignore", "IGNORE", "true", "APPLY"),
                row("target.schema-evolution", "evolve", "fail", "FAIL", "drop", "true"),
                row(
                        "target.schema-privileges",
                        "none",
                        "USAGE; SELECT:analyst,reporting",
                        "USAGE; SELECT:analyst,reporting",
                        "INSERT",
                        "'SELECT:'",
                        "SELECT:a:b",
                        "','"),
                row("target.data-flattening-max-level", "0", "2", "2", "-1", "all"),
                row("target.validate-records", "false", "true", "true", "strict", "1"),
                row("target.on-error", "fail", "quarantine", "QUARANTINE", "ignore", "skip"),
                row(
                        "target.delivery-guarantee",
                        "exactly-once",
                        "at-least-once",
                        "AT_LEAST_ONCE",
                        "none",
                        "EXACTLY_ONCE"),
                row("target.staging-budget", DERIVED, "2048 MiB", "2 gb", "1", "x"),
                row("target.full-table-mode", "merge", "replace", "REPLACE", "truncate", "MERGE"),
                row("target.allow-append", "false", "true", "true", "yes", "1"),
                row("target.batch-size", "10000", "20000", "20000", "0", "10k", "1e4"),
                row("target.batch-bytes", "16 MiB", "1048576", "1 mb", "1", "lots"),
                row("target.batch-flush-interval", "60 s", "100", "PT1M40S", "-1", "often"),
                row("target.batch-flush-min-time-gap", "60 s", "500 ms", "PT0.5S", "-1", "short"),
                row("target.flush-all-streams", "false", "true", "true", "all", "1"),
                row("target.parallelism", "0", "-1", "-1", "-2", "auto"),
                row("target.max-parallelism", "16", "64", "64", "0", "32769", "none"));
    }

    static Stream<Row> rows() {
        return Stream.of(pipeline(), connection("source"), source(), connection("target"), target())
                .flatMap(rows -> rows);
    }

    @Test
    void theTableNamesEveryKeyThatExistsAndNoOther() {
        assertThat(rows().map(Row::key))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        ConfigReader.KEYS.stream().map(Key::name).toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void hasItsDefault(Row row) {
        assertThat(fallback(key(row.key()))).isEqualTo(row.fallback());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsAnExplicitValue(Row row) throws Exception {
        assertThat(read(row.key(), row.right())).isEqualTo(row.reads());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusesWrongValuesNamingKeyValueAndRule(Row row) {
        assertThat(row.wrong()).isNotEmpty();
        for (String wrong : row.wrong()) {
            List<Fault> faults = config().with(row.key(), wrong).faults();
            assertThat(faults).as(row.key() + ": " + wrong).anySatisfy(fault -> {
                assertThat(fault.key()).isEqualTo(row.key());
                assertThat(fault.line()).isNotNull();
                assertThat(fault.value()).isNotNull();
                assertThat(fault.example()).startsWith(key(row.key()).leaf() + ": ");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void declaresAFlinkOptionWithDescriptionAndARightExample(Row row) {
        Key<?> key = key(row.key());
        assertThat(key.option().key()).isEqualTo(row.key());
        assertThat(key.description()).isNotBlank();
        assertThat(key.option().hasDefaultValue()).isEqualTo(key.constant().isPresent());
        assertThat(valuesOf(config().with(row.key(), key.example())).values().find(key))
                .as("example " + key.exampleLine())
                .isPresent();
    }

    private static Key<?> key(String name) {
        return ConfigReader.KEYS.stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no key " + name));
    }

    private static <T> String fallback(Key<T> key) {
        Fallback<T> fallback = key.fallback();
        if (fallback instanceof Fallback.Fixed<T> fixed) {
            return key.type().show(fixed.value());
        }
        if (fallback instanceof Fallback.Required<T>) {
            return REQUIRED;
        }
        return fallback instanceof Fallback.Derived<T> ? DERIVED : NONE;
    }

    private static String read(String name, String yamlValue) {
        ConfigReader.Result result = valuesOf(config().with(name, yamlValue));
        return result.values().find(key(name)).map(Object::toString).orElse("nothing: " + result.faults());
    }

    private static ConfigReader.Result valuesOf(ConfigFixture fixture) {
        try {
            var root = YamlParser.parse(fixture.yaml()).orElseThrow();
            return new ConfigReader().read((YamlValue.Mapping) root);
        } catch (MalformedYamlException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyKeyOfTheSeedAndOfOurDecisionsExists() {
        List<String> connection = List.of(
                "connection-name",
                "host",
                "port",
                "username",
                "password",
                "database-name",
                "use-ssl",
                "ssl-mode",
                "ssl-ca-certificate",
                "ssl-client-certificate",
                "ssl-client-key",
                "ssl-client-password",
                "schema",
                "table",
                "connector");
        String source = "replication-method replication-slot slot-creation plugin publication break-at-no-data-received"
                + " break-at-end-lsn wal-sender-timeout debug-lsn iterator-size chunk-bytes use-secondary"
                + " secondary-host secondary-port startup-mode slot-keep-time";
        String target = "allow-merge-tables hard-delete connection-timeout staging-budget batch-size batch-bytes"
                + " batch-flush-interval batch-flush-min-time-gap flush-all-streams parallelism max-parallelism"
                + " schema-privileges add-metadata-columns data-flattening-max-level primary-key-required"
                + " validate-records on-error delivery-guarantee schema-evolution full-table-mode allow-append truncate";
        String pipeline = "name checkpoint-interval parallelism staging-schema state-backend checkpoint-dir";
        assertThat(ConfigReader.KEYS.stream().map(Key::name))
                .containsAll(prefixed("source", connection))
                .containsAll(prefixed("source", Arrays.asList(source.split(" "))))
                .containsAll(prefixed("target", connection))
                .containsAll(prefixed("target", Arrays.asList(target.split(" "))))
                .containsAll(prefixed("pipeline", Arrays.asList(pipeline.split(" "))));
    }

    private static List<String> prefixed(String section, List<String> keys) {
        return keys.stream().map(key -> section + "." + key).toList();
    }
}
