package io.sluice.postgres.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangeRecorder;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.MalformedMessageException;
import io.sluice.postgres.change.SchemaChangedException;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PgOutputDecoderTest {
    private static final ColumnType INT = new ColumnType(23, -1, "integer", 23, new ColumnType.Traits(true, true));
    private static final TableSchema T = new TableSchema(
            new TableName("s", "t"), 7, List.of(new Column("a", 1, INT, 1, true), new Column("b", 2, INT, 0, false)));

    private final ChangeRecorder recorder = new ChangeRecorder();
    private final PgOutputDecoder decoder =
            new PgOutputDecoder(ValueFormat.TEXT, relation -> relation.name().equals(T.name()) ? T : null, recorder);

    @Test
    void transactionWithEveryKindOfRow() {
        decode(message('B').int64(0x100).int64(42).int32(0xFFFF_FFFE));
        decode(relation(7, "s", "t", "a", "b"));
        decode(message('I').int32(7).text("N").int16(2).value("1").text("n"));
        decode(message('U').int32(7).text("N").int16(2).value("1").text("u"));
        decode(message('U')
                .int32(7)
                .text("K")
                .int16(2)
                .value("1")
                .text("n")
                .text("N")
                .int16(2)
                .value("2")
                .value("3"));
        decode(message('D').int32(7).text("O").int16(2).value("2").value(""));
        decode(message('T').int32(1).int8(2).int32(7));
        decode(message('C').int8(0).int64(0x100).int64(0x130).int64(42));
        assertThat(recorder.calls())
                .containsExactly(
                        "begin 4294967294 0/100 42",
                        "insert [1, null]",
                        "update NONE null [1, unchanged]",
                        "update KEY [1, null] [2, 3]",
                        "delete FULL [2, ]",
                        "truncate true",
                        "commit 0/100 0/130");
    }

    @Test
    void columnsAreMatchedByNameNotByPlace() {
        decode(relation(7, "s", "t", "b", "a"));
        decode(message('I').int32(7).text("N").int16(2).value("of b").value("of a"));
        assertThat(recorder.calls()).containsExactly("insert [of a, of b]");
    }

    @Test
    void rowsOfTablesThatAreNotCapturedAreCounted() {
        decode(relation(8, "s", "other", "x"));
        decode(message('I').int32(8).text("N").int16(1).value("1"));
        assertThat(recorder.calls()).containsExactly("skipped");
    }

    @Test
    void originsTypesAndLogicalMessagesChangeNothing() {
        decode(message('O').int64(1).text("origin\0"));
        decode(message('M').int8(1).int64(1).text("prefix\0").int32(1).text("x"));
        assertThat(recorder.calls()).isEmpty();
    }

    @Test
    void newColumnIsNamed() {
        assertThatThrownBy(() -> decode(relation(7, "s", "t", "a", "b", "c")))
                .isInstanceOf(SchemaChangedException.class)
                .hasMessageContaining("s.t")
                .hasMessageContaining("\"c\"");
    }

    @Test
    void missingColumnIsNamed() {
        assertThatThrownBy(() -> decode(relation(7, "s", "t", "a")))
                .isInstanceOf(SchemaChangedException.class)
                .hasMessageContaining("\"b\"");
    }

    @Test
    void rowBeforeItsRelationIsRefused() {
        assertThatThrownBy(() -> decode(message('I').int32(9).text("N").int16(0)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("relation 9");
    }

    @Test
    void everyMessageCutShortIsRefused() {
        decode(relation(7, "s", "t", "a", "b"));
        byte[] whole =
                message('I').int32(7).text("N").int16(2).value("12").value("34").bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decoder.decode(cut, 0, cut.length)).isInstanceOf(MalformedMessageException.class);
        }
        assertThat(recorder.calls()).isEmpty();
    }

    @Test
    void binaryValueInATextSessionIsRefused() {
        decode(relation(7, "s", "t", "a", "b"));
        assertThatThrownBy(() -> decode(message('I')
                        .int32(7)
                        .text("N")
                        .int16(2)
                        .text("b")
                        .int32(1)
                        .text("x")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("TEXT");
    }

    private void decode(Message message) {
        byte[] bytes = message.bytes();
        byte[] framed = new byte[bytes.length + 2];
        System.arraycopy(bytes, 0, framed, 1, bytes.length);
        decoder.decode(framed, 1, bytes.length);
    }

    private static Message relation(int oid, String schema, String table, String... columns) {
        Message message =
                message('R').int32(oid).text(schema + "\0" + table + "\0d").int16(columns.length);
        for (String column : columns) {
            message.int8(0).text(column + "\0").int32(23).int32(-1);
        }
        return message;
    }

    private static Message message(char type) {
        return new Message().text(String.valueOf(type));
    }

    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        private interface Write {
            void run() throws IOException;
        }

        private Message write(Write write) {
            try {
                write.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return this;
        }

        Message int8(int value) {
            return write(() -> out.writeByte(value));
        }

        Message int16(int value) {
            return write(() -> out.writeShort(value));
        }

        Message int32(int value) {
            return write(() -> out.writeInt(value));
        }

        Message int64(long value) {
            return write(() -> out.writeLong(value));
        }

        Message text(String value) {
            return write(() -> out.write(value.getBytes(StandardCharsets.UTF_8)));
        }

        Message value(String value) {
            return text("t").int32(value.length()).text(value);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
