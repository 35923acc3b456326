package io.sluice.postgres.replication;

import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.sql.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the output plugins are told, by the names of their options. */
final class PluginOptions {
    private PluginOptions() {}

    static Map<String, String> pgoutput(SlotSession session) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("proto_version", "1");
        options.put("publication_names", Names.list(session.publications()));
        if (session.format() == ValueFormat.BINARY) {
            options.put("binary", "true");
        }
        return options;
    }

    /** @param numbersAsText wal2json before 2.6 does not know the option and prints NaN as null without it */
    static Map<String, String> wal2json(List<TableSchema> tables, boolean numbersAsText) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("format-version", "2");
        options.put("include-lsn", "1");
        options.put("include-xids", "1");
        options.put("include-timestamp", "1");
        options.put("include-transaction", "1");
        options.put("include-types", "0");
        options.put("include-type-oids", "1");
        options.put("include-pk", "0");
        if (numbersAsText) {
            options.put("numeric-data-types-as-string", "1");
        }
        options.put(
                "add-tables",
                tables.stream()
                        .map(TableSchema::name)
                        .map(PluginOptions::pattern)
                        .collect(Collectors.joining(",")));
        return options;
    }

    private static String pattern(TableName table) {
        return escape(table.schema()) + "." + escape(table.table());
    }

    private static String escape(String name) {
        return name.replaceAll("[\\\\\\s',.*]", "\\\\$0");
    }
}
