package io.sluice.postgres.change.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangeKind;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.RowBatchBuilder;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.Tuple;
import io.sluice.postgres.change.ValueFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchCodecTest {
    private static final TableSchema SCHEMA = new TableSchema(
            new TableName("public", "größe"),
            -5,
            List.of(
                    new Column(
                            "id", 1, new ColumnType(20, -1, "bigint", 20, new ColumnType.Traits(true, true)), 1, true),
                    new Column(
                            "c",
                            4,
                            new ColumnType(2205, -1, "regclass", 2205, new ColumnType.Traits(false, false)),
                            0,
                            false)));
    private static final ChangePosition POSITION = new ChangePosition(new Lsn(0xFFFF_FFFF_0000_0010L), 7);

    private static RowBatch rows(int bucket, ChangeKind... kinds) {
        RowBatchBuilder builder = new RowBatchBuilder(SCHEMA, bucket, ValueFormat.TEXT);
        Tuple tuple = new Tuple();
        tuple.reset("42".getBytes(StandardCharsets.UTF_8), 2);
        tuple.value(0, 0, 2);
        tuple.setUnchanged(1);
        for (ChangeKind kind : kinds) {
            builder.add(POSITION, -1, kind, tuple);
        }
        return builder.build();
    }

    private static List<ChangeBatch> everyKind() {
        Snapshot snapshot = new Snapshot("3f6c", "740:748:742,745", new Lsn(0x1_0000_0000L), 812_345_678L);
        return List.of(
                rows(32766, ChangeKind.INSERT, ChangeKind.UPDATE),
                new SnapshotBatch(
                        SCHEMA,
                        3,
                        new SnapshotChunk(snapshot, 16_383, 16_384),
                        new SnapshotBatch.Rows(
                                ValueFormat.BINARY, new byte[] {1, 2, 3, 4}, 3, 5_000_000_000L, 1, true)),
                new Truncation(List.of(SCHEMA, SCHEMA), 1, POSITION, true),
                new KeyChange(rows(0, ChangeKind.MOVED, ChangeKind.UPDATE), 9, POSITION),
                new Progress(0, new Origin("7331", 2, "slot", "pgoutput"), ChangePosition.atEnd(new Lsn(99))));
    }

    private static byte[] write(List<ChangeBatch> batches) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BatchCodec codec = new BatchCodec();
        for (ChangeBatch batch : batches) {
            codec.write(batch, new DataOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    private static List<ChangeBatch> read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        BatchCodec codec = new BatchCodec();
        List<ChangeBatch> batches = new java.util.ArrayList<>();
        while (in.available() > 0) {
            batches.add(codec.read(in));
        }
        return batches;
    }

    private static byte[] golden() throws Exception {
        Path file = Path.of(BatchCodecTest.class.getResource("batches-1.hex").toURI());
        return HexFormat.of().parseHex(String.join("", Files.readAllLines(file)));
    }

    @Test
    void versionOneReadsAndWritesTheBytesOfItsFirstRelease() throws Exception {
        assertThat(read(golden()))
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(".*bytes")
                .isEqualTo(everyKind());
        assertThat(write(everyKind())).isEqualTo(golden());
        assertThat(write(read(golden()))).isEqualTo(golden());
    }

    @Test
    @DisplayName("M8: a schema that the reader knows is not parsed again but is the same object")
    void schemasAreInterned() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SchemaCodec writer = new SchemaCodec();
        writer.write(SCHEMA, new DataOutputStream(bytes));
        int once = bytes.size();
        writer.write(SCHEMA, new DataOutputStream(bytes));
        byte[] both = bytes.toByteArray();
        // What a reader that parses would trip over.
        Arrays.fill(both, once + 13, both.length, (byte) 0xff);
        SchemaCodec reader = new SchemaCodec();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(both));
        TableSchema first = reader.read(in);
        assertThat(first).isEqualTo(SCHEMA);
        assertThat(reader.read(in)).isSameAs(first);
        assertThat(in.available()).isZero();
    }

    @Test
    void schemaThatIsNotItsFingerprintsIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new SchemaCodec().write(SCHEMA, new DataOutputStream(bytes));
        byte[] wrong = bytes.toByteArray();
        wrong[1] ^= 1;
        assertThatThrownBy(() -> new SchemaCodec().read(new DataInputStream(new ByteArrayInputStream(wrong))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fingerprint");
    }

    @Test
    void unknownVersionsAndKindsAreRefused() throws Exception {
        byte[] version = golden();
        version[0] = 2;
        assertThatThrownBy(() -> read(version))
                .isInstanceOf(IOException.class)
                .hasMessage("a batch of changes of version 2, this Sluice reads version 1;"
                        + " use the release that wrote it, or a newer one");
        byte[] kind = golden();
        kind[1] = 'X';
        assertThatThrownBy(() -> read(kind)).isInstanceOf(IOException.class).hasMessageContaining("kind 88");
    }

    @Test
    void bytesThatEndEarlyAreRefusedWhereverTheyEnd() throws Exception {
        for (ChangeBatch batch : everyKind()) {
            byte[] whole = write(List.of(batch));
            for (int length = 1; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> read(part)).isInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void textsMayBeLongerThan64KilobytesAndOfAnyScript() throws Exception {
        String text = "ö😀".repeat(40_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Text.write(text, new DataOutputStream(bytes));
        assertThat(Text.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                .isEqualTo(text);
    }
}
