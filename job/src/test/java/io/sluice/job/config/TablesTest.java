package io.sluice.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.config.NamePattern.Exact;
import io.sluice.job.config.NamePattern.Regex;
import io.sluice.job.config.SchemaPrivileges.Grant;
import io.sluice.job.config.SchemaPrivileges.Privilege;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TablesTest {

    @Test
    void aTableIsSelectedWhenSchemaAndNameMatch() {
        var tables = new SourceConfig.Tables(
                List.of(new Exact("public"), new Regex("s_\\d+")), List.of(new Regex("order.*"), new Exact("Item")));
        assertThat(tables.selects(new TableName("public", "orders"))).isTrue();
        assertThat(tables.selects(new TableName("s_12", "Item"))).isTrue();
        assertThat(tables.selects(new TableName("public", "item")))
                .as("case counts")
                .isFalse();
        assertThat(tables.selects(new TableName("public", "my_order")))
                .as("the whole name must match")
                .isFalse();
        assertThat(tables.selects(new TableName("other", "orders"))).isFalse();
    }

    @Test
    void aLoneSlashIsAName() throws Exception {
        assertThat(NamePattern.type().read("/")).isEqualTo(new Exact("/"));
        assertThat(NamePattern.type().read("//")).isEqualTo(new Exact("//"));
    }

    @Test
    void sharedTargetsAreFoundForTablesOfTheCatalogToo() throws Exception {
        var tables = new TargetTables(
                NameTemplate.type().read("copy"),
                NameTemplate.type().read("${table}"),
                false,
                true,
                TargetTables.SchemaEvolution.EVOLVE,
                SchemaPrivileges.NONE);
        TableName first = new TableName("a", "t");
        TableName second = new TableName("b", "t");
        assertThat(tables.sharedTargets(List.of(first, new TableName("a", "u"), second)))
                .containsExactly(Map.entry(new TableName("copy", "t"), List.of(first, second)));
    }

    @Test
    void rolesBelongToAllPrivilegesBeforeThem() throws Exception {
        assertThat(SchemaPrivileges.type()
                        .read("USAGE,select: analyst , reporting; SELECT")
                        .grants())
                .containsExactly(
                        new Grant(Privilege.USAGE, List.of("analyst", "reporting")),
                        new Grant(Privilege.SELECT, List.of("analyst", "reporting")),
                        new Grant(Privilege.SELECT, List.of()));
    }
}
