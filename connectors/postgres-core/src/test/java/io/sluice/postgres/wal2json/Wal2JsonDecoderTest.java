package io.sluice.postgres.wal2json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangeRecorder;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.MalformedMessageException;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Wal2JsonDecoderTest {
    private static final TableSchema T = new TableSchema(
            new TableName("s", "t"),
            7,
            List.of(
                    new Column("a", 1, type(23, 23), 1, true),
                    new Column("b", 2, type(25, 25), 0, false),
                    new Column("c", 3, type(17, 17), 0, false)));
    private static final TableSchema KEYLESS =
            new TableSchema(new TableName("s", "keyless"), 8, List.of(new Column("a", 1, type(23, 23), 0, false)));
    private static final TableSchema BYTES = new TableSchema(
            new TableName("s", "bytes"),
            9,
            List.of(
                    new Column("plain", 1, type(17, 17), 0, false),
                    new Column("domain", 2, type(50_000, 17), 0, false),
                    new Column("array", 3, type(1001, 1001), 0, false)));

    private final ChangeRecorder recorder = new ChangeRecorder();
    private final Wal2JsonDecoder decoder = new Wal2JsonDecoder(
            new TableLookup() {
                @Override
                public @Nullable TableSchema find(TableName table) {
                    for (TableSchema schema : List.of(T, KEYLESS, BYTES)) {
                        if (schema.name().equals(table)) {
                            return schema;
                        }
                    }
                    return null;
                }

                @Override
                public Set<String> ignored(TableSchema table) {
                    return Set.of("generated");
                }
            },
            recorder);

    @Test
    void transactionWithEveryKindOfMessage() {
        decode("{'action':'B','xid':4294967294,'timestamp':'2000-01-01 00:00:00.000042+00','lsn':'0/100',"
                + "'nextlsn':'0/130'}");
        decode("{'action':'I','xid':1,'timestamp':'x','lsn':'0/90','schema':'s','table':'t','columns':["
                + column("a", 23, "1") + "," + column("b", 25, "null") + "," + column("c", 17, "''") + "]}");
        decode(row(
                "U",
                "'columns':[" + column("a", 23, "2") + "," + column("b", 25, "'x'") + "],'identity':["
                        + column("a", 23, "1") + "]"));
        decode(row("D", "'identity':[" + column("a", 23, "2") + "]"));
        decode("{'action':'T','schema':'s','table':'t'}");
        decode("{'action':'M','xid':null,'transactional':false,'prefix':'p','content':'c'}");
        decode("{'action':'C','xid':1,'lsn':'0/100','nextlsn':'0/130'}");
        assertThat(recorder.calls())
                .containsExactly(
                        "begin 4294967294 0/100 42",
                        "insert [1, null, \\x]",
                        "update KEY [1, null, null] [2, x, unchanged]",
                        "delete KEY [2, null, null]",
                        "truncate false",
                        "commit 0/100 0/130");
    }

    @Test
    void identityWithEveryColumnIsTheFullOldRow() {
        decode(row("U", "'columns':[" + column("a", 23, "1") + "],'identity':[" + all("1", "null", "'00'") + "]"));
        decode(row("D", "'identity':[" + all("1", "'old'", "null") + "]"));
        assertThat(recorder.calls())
                .containsExactly(
                        "update FULL [1, null, \\x00] [1, unchanged, unchanged]", "delete FULL [1, old, null]");
    }

    @Test
    void columnsAreMatchedByNameNotByPlace() {
        decode(row(
                "I",
                "'columns':[" + column("c", 17, "'ab'") + "," + column("generated", 23, "9") + ","
                        + column("b", 25, "'of b'") + "," + column("a", 23, "1") + "]"));
        assertThat(recorder.calls()).containsExactly("insert [1, of b, \\xab]");
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012345678901234567890.1234567890, 123456789012345678901234567890.1234567890",
        "-0, -0",
        "1e+300, 1e+300",
        "1.50, 1.50",
        "true, t",
        "false, f",
        "null, null",
        "\"\", ''",
        "\"q\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\", 'q\"\\/\b\f\n\r\t\u0001'",
        "\"\\u00e9\\u20ac\\ud834\\udd1e\", é€𝄞",
        "\"é€𝄞\", é€𝄞"
    })
    void valuesAreWhatTheOutputFunctionsPrint(String json, String text) {
        decodeRaw(row(
                        "I",
                        "'columns':[" + column("a", 23, "1") + "," + column("b", 25, "VALUE") + ","
                                + column("c", 17, "null") + "]")
                .replace('\'', '"')
                .replace("VALUE", json));
        assertThat(recorder.calls()).containsExactly("insert [1, " + text + ", null]");
    }

    @Test
    void onlyPlainByteaLacksItsPrefix() {
        decode("{'action':'I','schema':'s','table':'bytes','columns':[" + column("plain", 17, "'00ff'") + ","
                + column("domain", 50_000, "'\\\\x00ff'") + "," + column("array", 1001, "'{null}'") + "]}");
        assertThat(recorder.calls()).containsExactly("insert [\\x00ff, \\x00ff, {null}]");
    }

    @Test
    void valuesAreNotLimitedInLength() {
        String digits = "9".repeat(140_000);
        String text = "é".repeat(11_000_000);
        decode(row("I", "'columns':[" + all("1" + digits, "'" + text + "'", "null") + "]"));
        decode(row("I", "'columns':[" + all("2", "'small again'", "null") + "]"));
        assertThat(recorder.calls())
                .containsExactly("insert [1" + digits + ", " + text + ", null]", "insert [2, small again, null]");
    }

    @Test
    void rowsThatAreNotCapturedAreCounted() {
        decode("{'action':'I','schema':'s','table':'other','columns':[" + column("x", 23, "1") + "]}");
        decode("{'action':'T','schema':'other','table':'t'}");
        assertThat(recorder.calls()).containsExactly("skipped", "skipped");
    }

    @Test
    void keylessTablesHaveInsertsAndTruncates() {
        String columns = "'columns':[" + column("a", 23, "1") + "]";
        String identity = "'identity':[" + column("a", 23, "1") + "]";
        decode("{'action':'I','schema':'s','table':'keyless'," + columns + "}");
        decode("{'action':'U','schema':'s','table':'keyless'," + columns + "," + identity + "}");
        decode("{'action':'D','schema':'s','table':'keyless'," + identity + "}");
        decode("{'action':'T','schema':'s','table':'keyless'}");
        assertThat(recorder.calls()).containsExactly("insert [1]", "skipped", "skipped", "truncate false");
    }

    @Test
    void tablesThatShareAPlaceInTheCacheAreToldApart() {
        for (int i = 0; i < 1000; i++) {
            decode("{'action':'T','schema':'s" + i + "','table':'t'}");
            decode("{'action':'T','schema':'s','table':'t'}");
        }
        assertThat(recorder.calls())
                .hasSize(2000)
                .filteredOn("truncate false"::equals)
                .hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25 02:48:01.555565+00, 848890081555565",
        "2026-11-25 02:48:01+00, 848890081000000",
        "2026-11-25 08:18:01.5+05:30, 848890081500000",
        "1999-12-31 23:59:59-00:00:01, 0"
    })
    void commitTimes(String text, long micros) {
        assertThat(CommitTime.parse(text)).isEqualTo(micros);
    }

    @Test
    void changedColumnsAreNamed() {
        assertChanged(
                row("I", "'columns':[" + all("1", "'x'", "null") + "," + column("d", 23, "1") + "]"), "\"d\" is new");
        assertChanged(
                row("I", "'columns':[" + column("a", 23, "1") + "," + column("b", 25, "'x'") + "]"), "\"c\" is gone");
        assertChanged(row("U", "'columns':[" + column("a", 20, "1") + "]"), "\"a\" is no longer type 23");
        assertChanged(row("D", "'identity':[" + column("b", 25, "'x'") + "]"), "\"a\" is not in its replica identity");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{'xid':1,'action':'B'}",
                "{'action':'Z'}",
                "{'action':null}",
                "{'action':'B','xid':1,'lsn':'0/1'}",
                "{'action':'B','xid':1,'lsn':'x','timestamp':'2026-11-25 02:48:01+00'}",
                "{'action':'B','xid':1,'lsn':'0/1','timestamp':'25.11.2026 02:48:01 UTC'}",
                "{'action':'C','lsn':'0/1'}",
                "{'action':'I','columns':[]}",
                "{'action':'I','schema':'s','table':'t'}",
                "{'action':'I','schema':'s','table':'t','columns':{}}",
                "{'action':'I','schema':'s','table':'t','columns':[{'name':'a','value':1}]}",
                "{'action':'I','schema':'s','table':'t','columns':[{'name':'a','typeoid':23}]}",
                "{'action':'I','schema':'s','table':'t','columns':[{'name':'a','typeoid':23,'value':{}}]}",
                "{'action':'I','schema':'s','table':'t','columns':[{'value':1,'typeoid':23,'name':'a'}]}",
                "{'action':'D','schema':'s','table':'t','columns':[{'name':'a','typeoid':23,'value':1}]}",
                "{'action':'C','lsn':'0/1','nextlsn':'0/2'} {}",
                "{'action':'I','schema':'s','table':'t','columns':[{'name':'a','type':'int'.x,'typeoid':23,'value':1}]}"
            })
    void whatThePluginDoesNotWriteIsRefused(String message) {
        assertThatThrownBy(() -> decode(message)).isInstanceOf(MalformedMessageException.class);
        assertThat(recorder.calls()).isEmpty();
    }

    @Test
    void everyMessageCutShortIsRefused() {
        String whole =
                row("U", "'columns':[" + all("12", "'é'", "'00'") + "],'identity':[" + column("a", 23, "1") + "]");
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(MalformedMessageException.class);
        }
        assertThat(recorder.calls()).isEmpty();
    }

    @Test
    @DisplayName("S24: an error holds the place, never what is there")
    void errorsHoldNoValues() {
        String start = "{'action':'I','schema':'s','table':'t','columns':[{'name':'b','typeoid':25,'value':";
        assertThatThrownBy(() -> decode(start + "secret}]}"))
                .hasMessage(
                        "malformed wal2json message at byte " + (start.length() + 7) + ": not the JSON of a message")
                .hasNoCause();
    }

    private void assertChanged(String message, String change) {
        assertThatThrownBy(() -> decode(message))
                .isInstanceOf(SchemaChangedException.class)
                .hasMessageContaining("s.t")
                .hasMessageContaining(change);
    }

    private void decode(String message) {
        decodeRaw(message.replace('\'', '"'));
    }

    private void decodeRaw(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        byte[] framed = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, framed, 3, bytes.length);
        decoder.decode(framed, 3, bytes.length);
    }

    private static String row(String action, String rest) {
        return "{'action':'" + action + "','schema':'s','table':'t'," + rest + "}";
    }

    private static String all(String a, String b, String c) {
        return column("a", 23, a) + "," + column("b", 25, b) + "," + column("c", 17, c);
    }

    private static String column(String name, int type, String value) {
        return "{'name':'" + name + "','typeoid':" + type + ",'value':" + value + "}";
    }

    private static ColumnType type(int oid, int base) {
        return new ColumnType(oid, -1, "type " + oid, base, new ColumnType.Traits(true, true));
    }
}
