package io.sluice.flink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.ColumnType;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotChunk;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.change.Visibility;
import io.sluice.postgres.replication.Plugin;
import io.sluice.postgres.replication.SlotSession;
import io.sluice.postgres.snapshot.CtidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SplitSerializerTest {
    private static final TableName NAME = new TableName("public", "t");
    private static final TableSchema SCHEMA = new TableSchema(
            NAME,
            16_400,
            List.of(new Column(
                    "id", 1, new ColumnType(20, -1, "bigint", 20, new ColumnType.Traits(true, true)), 1, true)));
    private static final Snapshot SNAPSHOT = new Snapshot("3f6c", "740:748:742,745", new Lsn(0x5000), 812_345_678L);
    private static final SlotSession SESSION = new SlotSession(
            "slot", Plugin.PGOUTPUT, List.of("p", "p_insert"), ValueFormat.BINARY, Duration.ofMinutes(60));
    private static final Origin ORIGIN = new Origin("7331", 2, "slot", "pgoutput");

    private static List<PostgresSplit> splits() {
        return List.of(
                new ChunkSplit(
                        SCHEMA,
                        new CtidRange(16_384, CtidRange.OPEN),
                        new SnapshotChunk(SNAPSHOT, 1, 2),
                        "00000003-0000001B-1",
                        5_000_000_000L,
                        true),
                new StreamSplit(
                        SESSION,
                        ORIGIN,
                        List.of(SCHEMA),
                        Map.of(NAME, SNAPSHOT),
                        new ChangePosition(new Lsn(0xFFFF_FFFF_0000_0010L), 7),
                        new Lsn(0x6000)),
                new StreamSplit(SESSION, ORIGIN, List.of(), Map.of(), ChangePosition.ZERO, null));
    }

    private static List<byte[]> golden() throws Exception {
        Path file =
                Path.of(SplitSerializerTest.class.getResource("splits-1.hex").toURI());
        return Files.readAllLines(file).stream().map(HexFormat.of()::parseHex).toList();
    }

    private static List<byte[]> write(List<PostgresSplit> splits) throws IOException {
        List<byte[]> written = new ArrayList<>();
        for (PostgresSplit split : splits) {
            written.add(new SplitSerializer().serialize(split));
        }
        return written;
    }

    @Test
    void versionOneReadsAndWritesTheBytesOfItsFirstRelease() throws Exception {
        List<PostgresSplit> read = new ArrayList<>();
        for (byte[] bytes : golden()) {
            read.add(new SplitSerializer().deserialize(1, bytes));
        }
        assertThat(read).isEqualTo(splits());
        assertThat(write(splits())).containsExactlyElementsOf(golden());
    }

    @Test
    void otherVersionsAndBytesThatAreNotASplitAreRefused() throws Exception {
        byte[] bytes = write(splits()).get(0);
        SplitSerializer serializer = new SplitSerializer();
        assertThatThrownBy(() -> serializer.deserialize(2, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a split of version 2");
        assertThatThrownBy(() -> serializer.deserialize(1, Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 bytes after chunk 2 of 2 of public.t");
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serializer.deserialize(1, part)).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("S9: changes that a table's snapshot shows are dropped, those of tables without one never")
    void visibilityIsThatOfTheTablesOwnSnapshot() {
        Visibility visibility = ((StreamSplit) splits().get(1)).visibility();
        TableSchema other = new TableSchema(new TableName("public", "other"), 1, SCHEMA.columns());
        assertThat(visibility.copied(SCHEMA, 741, new Lsn(0x4000))).isTrue();
        assertThat(visibility.copied(SCHEMA, 742, new Lsn(0x4000))).isFalse();
        assertThat(visibility.copied(SCHEMA, 741, new Lsn(0x5000))).isFalse();
        assertThat(visibility.copied(other, 741, new Lsn(0x4000))).isFalse();
    }
}
