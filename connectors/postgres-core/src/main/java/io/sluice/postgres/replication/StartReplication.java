package io.sluice.postgres.replication;

import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.sql.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text of START_REPLICATION. */
final class StartReplication {
    private StartReplication() {}

    static String pgoutput(SlotSession session, Lsn from) {
        List<String> options = new ArrayList<>();
        options.add("proto_version '1'");
        options.add("publication_names " + literal(Names.list(session.publications())));
        if (session.format() == ValueFormat.BINARY) {
            options.add("binary 'true'");
        }
        return command(session, from, options);
    }

    /** @param numbersAsText wal2json before 2.6 does not know the option and prints NaN as null without it */
    static String wal2json(SlotSession session, Lsn from, List<TableSchema> tables, boolean numbersAsText) {
        List<String> options = new ArrayList<>(List.of(
                "\"format-version\" '2'",
                "\"include-lsn\" '1'",
                "\"include-xids\" '1'",
                "\"include-timestamp\" '1'",
                "\"include-transaction\" '1'",
                "\"include-types\" '0'",
                "\"include-type-oids\" '1'",
                "\"include-pk\" '0'"));
        if (numbersAsText) {
            options.add("\"numeric-data-types-as-string\" '1'");
        }
        options.add("\"add-tables\" "
                + literal(tables.stream()
                        .map(TableSchema::name)
                        .map(StartReplication::pattern)
                        .collect(Collectors.joining(","))));
        return command(session, from, options);
    }

    private static String command(SlotSession session, Lsn from, List<String> options) {
        return "START_REPLICATION SLOT " + Names.quote(session.slot()) + " LOGICAL " + from + " ("
                + String.join(", ", options) + ")";
    }

    private static String pattern(TableName table) {
        return escape(table.schema()) + "." + escape(table.table());
    }

    private static String escape(String name) {
        return name.replaceAll("[\\\\\\s',.*]", "\\\\$0");
    }

    /** The grammar of replication commands knows no E'' and takes a backslash as it stands. */
    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
