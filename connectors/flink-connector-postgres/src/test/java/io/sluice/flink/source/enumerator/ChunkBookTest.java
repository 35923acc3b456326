package io.sluice.flink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.source.event.ChunkAnswer;
import io.sluice.flink.source.event.ReaderReport;
import io.sluice.flink.source.split.ChunkId;
import io.sluice.flink.source.split.ChunkSplit;
import io.sluice.postgres.change.TableName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChunkBookTest {
    private static final List<ChunkSplit> CHUNKS = Chunks.of("t", "s1", 2);
    private static final ChunkId FIRST = CHUNKS.get(0).id();
    private static final ChunkId SECOND = CHUNKS.get(1).id();

    private final ChunkBook book = planned();

    private static ChunkBook planned() {
        ChunkBook book = new ChunkBook(List.of(
                new TableState(Chunks.schema("t"), new TableProgress.Waiting()),
                new TableState(Chunks.schema("streamed"), new TableProgress.NotCopied())));
        assertThat(book.waiting()).containsExactly(Chunks.schema("t"));
        book.plan(CHUNKS);
        assertThat(book.next()).isEqualTo(CHUNKS.get(0));
        assertThat(book.next()).isEqualTo(CHUNKS.get(1));
        assertThat(book.next()).isNull();
        return book;
    }

    private static ReaderReport.Chunk finished(ChunkId chunk) {
        return new ReaderReport.Chunk(chunk, 10, true);
    }

    private static ReaderReport.Chunk half(ChunkId chunk) {
        return new ReaderReport.Chunk(chunk, 5, false);
    }

    @Test
    @DisplayName("S5: a chunk is done when a checkpoint that was begun after its report has completed")
    void reportsCountFromTheNextCheckpoint() {
        book.begin(1);
        assertThat(book.finished(0, FIRST)).isTrue();
        assertThat(book.complete(1)).isEmpty();
        book.begin(2);
        assertThat(book.finished(1, SECOND)).isTrue();
        assertThat(book.complete(2)).isEqualTo(Map.of(0, List.of(FIRST)));
        assertThat(book.allDone()).isFalse();
        book.begin(3);
        assertThat(book.complete(3)).isEqualTo(Map.of(1, List.of(SECOND)));
        assertThat(book.allDone()).isTrue();
        assertThat(book.copied()).containsOnlyKeys(new TableName("public", "t"));
    }

    @Test
    @DisplayName("S5: what a reader reported and no checkpoint holds is forgotten when it registers again")
    void reportsOfALostReaderAreForgotten() {
        book.finished(0, FIRST);
        book.finished(1, SECOND);
        book.begin(1);
        book.abort(1);
        book.forget(0);
        book.begin(2);
        assertThat(book.complete(2)).isEqualTo(Map.of(1, List.of(SECOND)));
        assertThat(book.allDone()).isFalse();

        assertThat(book.held(0, List.of(half(FIRST)))).isEqualTo(new ChunkAnswer(List.of(), List.of(FIRST)));
        book.finished(0, FIRST);
        book.begin(3);
        book.complete(3);
        assertThat(book.allDone()).isTrue();
    }

    @Test
    @DisplayName("S5: an aborted checkpoint acknowledges nothing, the next one does")
    void abortedCheckpointsDoNotCount() {
        book.finished(0, FIRST);
        book.begin(1);
        book.abort(1);
        assertThat(book.complete(1)).isEmpty();
        book.begin(2);
        assertThat(book.complete(2)).isEqualTo(Map.of(0, List.of(FIRST)));
    }

    @Test
    @DisplayName("S5: a restored reader forgets what is done, goes on with what is open and keeps what is finished")
    void restoredChunksAreAnsweredOneByOne() {
        book.finished(0, FIRST);
        book.begin(1);
        book.complete(1);
        ChunkId strange = new ChunkId("s0", new TableName("public", "t"), 1);
        ChunkId unknown = new ChunkId("s1", new TableName("public", "dropped"), 0);
        assertThat(book.held(1, List.of(finished(FIRST), half(SECOND), half(strange), finished(unknown))))
                .isEqualTo(new ChunkAnswer(List.of(FIRST, strange, unknown), List.of(SECOND)));
        assertThat(book.held(1, List.of(finished(SECOND)))).isEqualTo(new ChunkAnswer(List.of(), List.of()));
        book.begin(2);
        assertThat(book.complete(2)).isEqualTo(Map.of(1, List.of(SECOND)));
    }

    @Test
    @DisplayName("S5: a lost reader's chunk is handed out again, unless it is done or of another snapshot")
    void chunksComeBack() {
        book.back(CHUNKS.get(1));
        book.back(Chunks.of("t", "s0", 1).get(0));
        assertThat(book.next()).isEqualTo(CHUNKS.get(1));
        assertThat(book.next()).isNull();
        book.finished(0, FIRST);
        book.begin(1);
        book.complete(1);
        book.back(CHUNKS.get(0));
        assertThat(book.next()).isNull();
    }

    @Test
    @DisplayName("F4: a restore keeps tables that the checkpoint holds whole, and takes the others' snapshot away")
    void restoreKeepsWholeTables() {
        book.finished(0, FIRST);
        List<TableState> half = book.begin(1);
        book.finished(0, SECOND);
        List<TableState> whole = book.begin(2);

        ChunkBook fromHalf = ChunkBook.restored(half);
        assertThat(fromHalf.waiting()).containsExactly(Chunks.schema("t"));
        assertThat(fromHalf.held(0, List.of(finished(FIRST), half(SECOND))))
                .isEqualTo(new ChunkAnswer(List.of(FIRST, SECOND), List.of()));
        fromHalf.plan(Chunks.of("t", "s2", 1));
        assertThat(fromHalf.held(0, List.of(half(SECOND)))).isEqualTo(new ChunkAnswer(List.of(SECOND), List.of()));
        assertThat(fromHalf.finished(0, SECOND)).isFalse();

        ChunkBook fromWhole = ChunkBook.restored(whole);
        assertThat(fromWhole.waiting()).isEmpty();
        assertThat(fromWhole.allDone()).isTrue();
        assertThat(fromWhole.copied().get(new TableName("public", "t")).id()).isEqualTo("s1");
    }
}
