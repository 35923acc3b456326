package io.sluice.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginOptionsTest {
    private static final Column ID =
            new Column("id", 1, new ColumnType(23, -1, "integer", 23, new ColumnType.Traits(true, true)), 1, true);

    @Test
    void publicationNamesAreQuoted() {
        assertThat(PluginOptions.pgoutput(session(List.of("p", "Pub \"x\""), ValueFormat.TEXT)))
                .containsEntry("publication_names", "\"p\", \"Pub \"\"x\"\"\"")
                .containsEntry("proto_version", "1")
                .doesNotContainKey("binary");
        assertThat(PluginOptions.pgoutput(session(List.of("p"), ValueFormat.BINARY)))
                .containsEntry("binary", "true");
    }

    @Test
    void whatWal2jsonTakesForItsOwnIsEscapedInTableNames() {
        List<TableSchema> tables = List.of(table("public", "plain"), table("My Schema", "a.b,c*'\\\t"));
        assertThat(PluginOptions.wal2json(tables, true))
                .containsEntry("add-tables", "public.plain,My\\ Schema.a\\.b\\,c\\*\\'\\\\\\\t")
                .containsEntry("format-version", "2")
                .containsEntry("numeric-data-types-as-string", "1");
        assertThat(PluginOptions.wal2json(tables, false)).doesNotContainKey("numeric-data-types-as-string");
    }

    @Test
    void sessionsThatNoServerCouldServe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> session(List.of(), ValueFormat.TEXT))
                .withMessageContaining("publication");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlotSession("s", Plugin.WAL2JSON, List.of(), ValueFormat.BINARY, Duration.ZERO))
                .withMessageContaining("text");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new SlotSession("s", Plugin.PGOUTPUT, List.of("p"), ValueFormat.TEXT, Duration.ofDays(30)))
                .withMessageContaining("wal sender timeout");
    }

    private static SlotSession session(List<String> publications, ValueFormat format) {
        return new SlotSession("s", Plugin.PGOUTPUT, publications, format, Duration.ofSeconds(60));
    }

    private static TableSchema table(String schema, String name) {
        return new TableSchema(new TableName(schema, name), 1, List.of(ID));
    }
}
