package io.sluice.job.config;

import static io.sluice.job.config.ConfigFixture.config;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRulesTest {

    @Test
    void aSecondaryNeedsBothHostAndPort() {
        assertThat(rules(config().with("source.use-secondary", "true")))
                .containsExactlyInAnyOrder(
                        "source.secondary-host: is required when use-secondary is true",
                        "source.secondary-port: is required when use-secondary is true");
        assertThat(rules(config().with("source.use-secondary", "true").with("source.secondary-host", "h")))
                .containsExactly("source.secondary-port: is required when use-secondary is true");
    }

    @ParameterizedTest
    @CsvSource({
        "ssl-client-key, ssl-client-certificate",
        "ssl-client-certificate, ssl-client-key",
        "ssl-client-password, ssl-client-key"
    })
    void partsOfAClientCertificateNeedEachOther(String given, String missing) {
        for (String side : List.of("source.", "target.")) {
            assertThat(rules(config().with(side + given, "x")))
                    .containsExactly(side + missing + ": is required when " + given + " is given");
        }
    }

    @Test
    void theDefaultSlotNeedsADatabaseNameThatIsKnown() {
        ConfigFixture referenced = config().with("source.database-name", "${env:DB}");
        assertThat(rules(referenced))
                .singleElement()
                .asString()
                .startsWith("source.replication-slot: is required when database-name is a reference");
        assertThat(referenced.with("source.replication-slot", "s").parse()).isNotNull();
        assertThat(config().with("source.database-name", "${env:DB}")
                        .with("source.replication-method", "FULL_TABLE")
                        .with("source.replication-slot", "s")
                        .parse())
                .isNotNull();
    }

    @Test
    void aFullTableReadHasNoStream() {
        assertThat(rules(config().with("source.replication-method", "FULL_TABLE")
                        .with("source.startup-mode", "stream-only")))
                .singleElement()
                .asString()
                .startsWith("source.startup-mode: has no meaning with FULL_TABLE");
        assertThat(config().with("source.startup-mode", "snapshot-only").parse())
                .isNotNull();
    }

    @Test
    @DisplayName("M3: full-table-mode replace needs the metadata columns")
    void replaceNeedsMetadataColumns() {
        ConfigFixture replace = config().with("target.full-table-mode", "replace");
        assertThat(rules(replace))
                .singleElement()
                .asString()
                .startsWith("target.full-table-mode: needs the metadata columns");
        assertThat(rules(replace.with("target.add-metadata-columns", "true"))).isEmpty();
        assertThat(rules(config().with("target.full-table-mode", "replace").with("target.hard-delete", "true")))
                .isEmpty();
    }

    @Test
    void twoSourceTablesMustNotShareATarget() {
        assertThat(rules(config().with("source.table", "[a, b]")))
                .containsExactly("target.table: maps public.a and public.b to one table, public.orders");
        assertThat(rules(config().with("source.schema", "[s1, s2]").with("target.table", "${table}")))
                .containsExactly("target.table: maps s1.orders and s2.orders to one table, public.orders");
        assertThat(rules(config().with("source.schema", "[a, a_b]")
                        .with("source.table", "[c, b_c]")
                        .with("target.table", "${schema}_${table}")))
                .containsExactly("target.table: maps a.b_c and a_b.c to one table, public.a_b_c");
        assertThat(rules(config().with("source.table", "[a, b]").with("target.allow-merge-tables", "true")))
                .isEmpty();
    }

    @Test
    void aTemplateMustFitIntoAName() {
        assertThat(rules(config().with("source.schema", "s".repeat(40))
                        .with("source.table", "t".repeat(40))
                        .with("target.table", "${schema}_${table}")))
                .singleElement()
                .asString()
                .contains("at most 63 bytes");
    }

    @Test
    void aTableMustNotBeItsOwnTarget() {
        ConfigFixture same = config().with("target.host", "source.example.com").with("target.database-name", "shop");
        assertThat(rules(same)).singleElement().asString().contains("makes public.orders its own target");
        assertThat(same.with("target.schema", "copy").parse()).isNotNull();
    }

    @Test
    @DisplayName("M6: the number of writers is bounded by max-parallelism and by the slots of the cluster")
    void parallelismFormula() {
        assertThat(new WriterParallelism(0, 16).writers(3, 8)).isEqualTo(3);
        assertThat(new WriterParallelism(0, 16).writers(100, 32)).isEqualTo(16);
        assertThat(new WriterParallelism(0, 16).writers(100, 2)).isEqualTo(2);
        assertThat(new WriterParallelism(0, 16).writers(0, 2)).isEqualTo(1);
        assertThat(new WriterParallelism(-1, 16).writers(1, 8)).isEqualTo(8);
        assertThat(new WriterParallelism(-1, 4).writers(1, 8)).isEqualTo(4);
        assertThat(new WriterParallelism(6, 16).writers(1, 8)).isEqualTo(6);
        assertThat(new WriterParallelism(6, 4).writers(1, 8)).isEqualTo(4);
        assertThat(new WriterParallelism(6, 16).writers(1, 2)).isEqualTo(2);
    }

    @Test
    @DisplayName("M2: a flush interval of 0 means whenever no input waits")
    void flushIntervalZero() {
        assertThat(config().with("target.batch-flush-interval", "0")
                        .parse()
                        .target()
                        .batching()
                        .flushesWhenIdle())
                .isTrue();
        assertThat(config().parse().target().batching().flushesWhenIdle()).isFalse();
    }

    @Test
    @DisplayName("M15: a quoted \"true\" is true")
    void quotedBoolean() {
        assertThat(config().with("target.hard-delete", "\"true\"")
                        .parse()
                        .target()
                        .rows()
                        .deletes()
                        .hard())
                .isTrue();
    }

    private static List<String> rules(ConfigFixture config) {
        try {
            PipelineConfig.parse("test.yaml", config.yaml());
            return List.of();
        } catch (InvalidConfigException e) {
            return e.faults().stream()
                    .filter(fault -> !fault.rule().startsWith("not supported yet"))
                    .map(fault -> fault.key() + ": " + fault.rule())
                    .toList();
        }
    }
}
