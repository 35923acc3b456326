package io.sluice.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.replication.Plugin;
import io.sluice.postgres.replication.SlotSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnumeratorStateSerializerTest {
    private static final Snapshot SNAPSHOT = new Snapshot("3f6c", "740:740:", new Lsn(0x5000), 812_345_678L);

    private static List<EnumeratorState> states() {
        StreamStart stream = new StreamStart(
                new SlotSession("slot", Plugin.WAL2JSON, List.of(), ValueFormat.TEXT, Duration.ZERO),
                new Origin("7331", 2, "slot", "wal2json"),
                ChangePosition.atEnd(new Lsn(0x4000)),
                new Lsn(0x6000));
        return List.of(
                new EnumeratorState.Preparing(),
                new EnumeratorState.Started(
                        stream,
                        List.of(
                                new TableState(Chunks.schema("a"), new TableProgress.NotCopied()),
                                new TableState(Chunks.schema("b"), new TableProgress.Waiting()),
                                new TableState(
                                        Chunks.schema("c"), new TableProgress.Copying(SNAPSHOT, 9, Set.of(8, 0, 3))),
                                new TableState(Chunks.schema("d"), new TableProgress.Copied(SNAPSHOT))),
                        false,
                        true),
                new EnumeratorState.Started(null, List.of(), true, false));
    }

    private static List<byte[]> golden() throws Exception {
        Path file = Path.of(
                EnumeratorStateSerializerTest.class.getResource("states-1.hex").toURI());
        return Files.readAllLines(file).stream().map(HexFormat.of()::parseHex).toList();
    }

    private static List<byte[]> write(List<EnumeratorState> states) throws IOException {
        List<byte[]> written = new ArrayList<>();
        for (EnumeratorState state : states) {
            written.add(new EnumeratorStateSerializer().serialize(state));
        }
        return written;
    }

    @Test
    void versionOneReadsAndWritesTheBytesOfItsFirstRelease() throws Exception {
        List<EnumeratorState> read = new ArrayList<>();
        for (byte[] bytes : golden()) {
            read.add(new EnumeratorStateSerializer().deserialize(1, bytes));
        }
        assertThat(read).isEqualTo(states());
        assertThat(write(states())).containsExactlyElementsOf(golden());
    }

    @Test
    void otherVersionsAndBytesThatAreNoStateAreRefused() throws Exception {
        byte[] bytes = write(states()).get(1);
        EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();
        assertThatThrownBy(() -> serializer.deserialize(2, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("enumerator state of version 2");
        assertThatThrownBy(() -> serializer.deserialize(1, Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 bytes after");
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serializer.deserialize(1, part)).isInstanceOf(IOException.class);
        }
    }
}
