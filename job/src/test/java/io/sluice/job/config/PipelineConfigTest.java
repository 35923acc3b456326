package io.sluice.job.config;

import static io.sluice.job.config.ConfigFixture.config;
import static io.sluice.job.config.ConfigFixture.faultsOf;
import static io.sluice.job.config.ConfigFixture.invalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.job.config.NamePattern.Exact;
import io.sluice.job.config.NamePattern.Regex;
import io.sluice.job.config.SourceConfig.ReplicationMethod;
import io.sluice.job.config.SourceConfig.StartupMode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineConfigTest {
    private static final String EVERY_SUPPORTED_KEY = """
            pipeline:
              name: orders
              checkpoint-interval: 500 ms
              parallelism: 3
              staging-schema: staging
              state-backend: rocksdb
              checkpoint-dir: file:///var/checkpoints
            source:
              connector: postgres
              connection-name: FromPG
              host: source.example.com
              port: '6543'
              username: ${env:PGUSER}
              password: ${env:SOURCE_PASSWORD}
              database-name: Shop
              schema: [sales, /archive_.*/]
              table: [orders, customers]
              replication-method: LOG_BASED
              replication-slot: my_slot
              slot-creation: never
              plugin: wal2json
              publication: my_publication
              break-at-no-data-received: 5 min
              break-at-end-lsn: true
              wal-sender-timeout: 0
              startup-mode: stream-only
              chunk-bytes: 64 MiB
            target:
              connection-name: ToPG
              host: target.example.com
              username: writer
              password: hunter2
              database-name: warehouse
              schema: copy
              table: ${schema}_${table}
              hard-delete: true
              connection-timeout: 10
              batch-size: 500
              batch-bytes: 1 MiB
              batch-flush-interval: 0
              batch-flush-min-time-gap: 2 s
              flush-all-streams: true
              parallelism: -1
              max-parallelism: 8
              primary-key-required: false
              truncate: ignore
            flink:
              taskmanager.numberOfTaskSlots: 4
              state:
                checkpoints:
                  num-retained: 3
              classloader.parent-first-patterns.additional: [com.a, com.b]
            """;

    @Test
    void mapsEverySupportedKey() throws Exception {
        PipelineConfig config = PipelineConfig.parse("orders.yaml", EVERY_SUPPORTED_KEY);

        assertThat(config.pipeline().name()).isEqualTo("orders");
        assertThat(config.pipeline().checkpointInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.pipeline().parallelism()).isEqualTo(3);
        assertThat(config.pipeline().stagingSchema()).isEqualTo("staging");
        assertThat(config.pipeline().state())
                .isEqualTo(new PipelineSettings.StateStorage("rocksdb", "file:///var/checkpoints"));

        SourceConfig source = config.source();
        assertThat(source.connector()).isEqualTo(SourceConfig.Connector.POSTGRES);
        assertThat(source.connection().name()).isEqualTo("FromPG");
        assertThat(source.connection().endpoint()).hasToString("source.example.com:6543");
        assertThat(source.connection().credentials().username()).isEqualTo(new ConfigText.Environment("PGUSER"));
        assertThat(source.tables().schemas()).containsExactly(new Exact("sales"), new Regex("archive_.*"));
        assertThat(source.tables().tables()).containsExactly(new Exact("orders"), new Exact("customers"));
        assertThat(source.method()).isEqualTo(ReplicationMethod.LOG_BASED);
        assertThat(source.log().slot())
                .isEqualTo(new SlotConfig(
                        "my_slot",
                        SlotConfig.Creation.NEVER,
                        SlotConfig.Plugin.WAL2JSON,
                        "my_publication",
                        Duration.ZERO));
        assertThat(source.log().stop().longestSilence()).contains(Duration.ofMinutes(5));
        assertThat(source.log().stop().atEndLsn()).isTrue();
        assertThat(source.log().walSenderTimeout().isOff()).isTrue();
        assertThat(source.log().startup()).isEqualTo(StartupMode.STREAM_ONLY);
        assertThat(source.snapshot().chunkBytes()).isEqualTo(MemorySize.ofMebiBytes(64));

        TargetConfig target = config.target();
        assertThat(target.connection().connectTimeout().duration()).isEqualTo(Duration.ofSeconds(10));
        assertThat(target.tables().targetOf(new TableName("sales", "orders")))
                .isEqualTo(new TableName("copy", "sales_orders"));
        assertThat(target.tables().primaryKeyRequired()).isFalse();
        assertThat(target.batching())
                .isEqualTo(new TargetConfig.Batching(
                        500, MemorySize.ofMebiBytes(1), Duration.ZERO, Duration.ofSeconds(2), true));
        assertThat(target.batching().flushesWhenIdle()).isTrue();
        assertThat(target.delivery().parallelism()).isEqualTo(new WriterParallelism(-1, 8));
        assertThat(target.rows().truncate()).isEqualTo(RowHandling.Truncate.IGNORE);

        assertThat(config.flink().options())
                .isEqualTo(Map.of(
                        "taskmanager.numberOfTaskSlots", "4",
                        "state.checkpoints.num-retained", "3",
                        "classloader.parent-first-patterns.additional", "com.a;com.b"));
        assertThat(config.flinkConfiguration().toMap())
                .containsEntry("pipeline.name", "orders")
                .containsEntry("execution.checkpointing.interval", "500 ms")
                .containsEntry("parallelism.default", "3")
                .containsEntry("state.backend.type", "rocksdb")
                .containsEntry("execution.checkpointing.dir", "file:///var/checkpoints")
                .containsEntry("taskmanager.numberOfTaskSlots", "4");
    }

    @Test
    void fillsInDefaults() {
        PipelineConfig config = config().with("source.database-name", "My-Shop").parse();

        assertThat(config.pipeline().name()).isEqualTo("FromPG-ToPG");
        assertThat(config.pipeline().parallelism()).isNull();
        assertThat(config.source().connection().endpoint().port()).isEqualTo(5432);
        assertThat(config.source().log().slot().name()).isEqualTo("macrometa_my_shop");
        assertThat(config.source().log().slot().publication()).isEqualTo("macrometa_my_shop");
        assertThat(config.source().log().slot().plugin()).isNull();
        assertThat(config.source().log().stop().longestSilence()).contains(Duration.ofHours(3));
        assertThat(config.source().snapshot().secondary()).isNull();
        assertThat(config.target().rows().deletes()).isEqualTo(new RowHandling.Deletes(false, false));
        assertThat(config.target().delivery().stagingBudget()).isNull();
        assertThat(config.flink().options()).isEmpty();
    }

    @Test
    void cutsTheDefaultSlotNameToSixtyThreeCharacters() {
        PipelineConfig config =
                config().with("source.database-name", "d".repeat(63)).parse();
        assertThat(config.source().log().slot().name()).isEqualTo("macrometa_" + "d".repeat(53));
    }

    @Test
    void makesAPipelineNameOutOfAnyConnectionName() {
        PipelineConfig config =
                config().with("source.connection-name", "'Über PG'").parse();
        assertThat(config.pipeline().name()).isEqualTo("p_ber_PG-ToPG");
    }

    @Test
    void hardDeleteTurnsMetadataColumnsOn() {
        PipelineConfig config = config().with("target.hard-delete", "true").parse();
        assertThat(config.target().rows().deletes()).isEqualTo(new RowHandling.Deletes(true, true));
    }

    @Test
    void reportsAllFaultsTogetherInOrderOfTheFile() {
        InvalidConfigException thrown = invalid("""
                source:
                  connection-name: FromPG
                  host: h
                  prot: 1
                  port: none
                  username: u
                  password: p
                  database-name: d
                  schema: s
                  table: t
                  replication-method: INCREMENTAL
                targt: {}
                """);
        assertThat(thrown.faults())
                .extracting(Fault::key)
                .startsWith("source.prot", "source.port", "source.replication-method", "targt")
                .contains("target.host", "target.table");
        assertThat(thrown)
                .hasMessageContaining("test.yaml: 11 faults")
                .hasMessageContaining("source.prot (line 4): is an unknown key; did you mean \"port\"?")
                .hasMessageContaining("source.port (line 5) = \"none\": takes a whole number from 1 to 65535;"
                        + " for example  port: 5432")
                .hasMessageContaining("targt (line 12): is an unknown section; did you mean \"target\"?")
                .hasMessageContaining("target.host: is required; for example  host: db.example.com");
    }

    @Test
    void refusesKeysThatStandTwice() {
        String yaml = config().yaml().replace("  port:", "  prt:") + "source:\n  host: again\n";
        assertThat(faultsOf(yaml))
                .extracting(Fault::toString)
                .containsExactly("source (line 20): stands in the file twice; remove one");
        assertThat(faultsOf(config().yaml().replace("  host: source", "  host: a\n  host: source")))
                .extracting(Fault::toString)
                .containsExactly("source.host (line 5): stands in the file twice; remove one");
    }

    @Test
    void aKeyWithoutAValueIsNotGiven() {
        assertThat(config().with("source.port", "")
                        .parse()
                        .source()
                        .connection()
                        .endpoint()
                        .port())
                .isEqualTo(5432);
        assertThat(config().with("source.host", "~").fault())
                .hasToString("source.host: is required; for example  host: db.example.com");
    }

    @Test
    void saysWhatIsWrongWithAFileAsAWhole() {
        assertThat(invalid("")).hasMessage("test.yaml is empty; it needs the sections source and target");
        assertThat(invalid("# only a comment\n")).hasMessageContaining("is empty");
        assertThat(invalid("- a\n- b\n")).hasMessageContaining("holds no sections");
        assertThat(invalid("source:\n  host: a\n   port: 5\n"))
                .hasMessage("test.yaml is not valid YAML: line 3, column 8: mapping values are not allowed here");
        assertThat(faultsOf("source: postgres\ntarget: {}\n"))
                .extracting(Fault::toString)
                .contains("source (line 1): is a section: write its keys indented below \"source:\"");
    }

    @Test
    void saysWhyAFileCanNotBeRead(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> PipelineConfig.load(missing))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage(missing + " does not exist; check the path given with -c");
        assertThatThrownBy(() -> PipelineConfig.load(folder)).hasMessageContaining("it is a directory");
        Path latin1 = Files.write(folder.resolve("latin1.yaml"), "a: ü".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> PipelineConfig.load(latin1))
                .hasMessage(latin1 + " is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void readsAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("orders.yaml"), EVERY_SUPPORTED_KEY);
        assertThat(PipelineConfig.load(file)).isEqualTo(PipelineConfig.parse("x", EVERY_SUPPORTED_KEY));
    }

    @Test
    @DisplayName("S22: a configuration that travels in the job graph holds references and shows no literal password")
    void secretsStayReferencesAndLiteralsAreMasked() throws Exception {
        PipelineConfig config = PipelineConfig.parse("orders.yaml", EVERY_SUPPORTED_KEY);
        var bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(config);
        Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(copy).isEqualTo(config);
        assertThat(config.toString()).contains("${env:SOURCE_PASSWORD}").doesNotContain("hunter2");
        assertThat(config.source().connection().credentials().password())
                .isEqualTo(new ConfigText.Environment("SOURCE_PASSWORD"));
    }

    @Test
    @DisplayName("S22: a literal password is warned of")
    void warnsOfALiteralPassword() throws Exception {
        assertThat(PipelineConfig.parse("orders.yaml", EVERY_SUPPORTED_KEY).warnings())
                .singleElement()
                .asString()
                .startsWith("target.password stands in the file");
        assertThat(config().parse().warnings()).isEmpty();
    }
}
