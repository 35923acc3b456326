package io.sluice.postgres.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.postgres.apply.table.StaleSnapshotException;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.TableSchema;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TakeBackIT extends SnapshotLoads {
    @Test
    @DisplayName("F4: a later snapshot takes back what an earlier one delivered")
    void laterSnapshotTakesBack() throws Exception {
        TableSchema t = create("ghost", 3000);
        List<SnapshotBatch> earlier = snapshot(t, 10_000);
        TargetWriter first = writer(plain("ghost"));
        writeAll(first, earlier.subList(0, earlier.size() - 1));
        first.prepare();
        first.close();
        server.execute("postgres", "delete from ghost where id <= 1000", "update ghost set note = 'new'");

        List<SnapshotBatch> later = snapshot(t, 10_000);
        TargetWriter second = writer(plain("ghost"));
        writeAll(second, later);
        awaitComplete(second, "ghost");
        assertSame("ghost", "id, note, at");
        assertThat(key("ghost")).hasSize(1);

        // A copy that is complete is taken back, too; its key stays.
        server.execute("postgres", "delete from ghost where id <= 2000");
        TargetWriter third = writer(plain("ghost"));
        writeAll(third, snapshot(t, 10_000));
        awaitComplete(third, "ghost");
        assertSame("ghost", "id, note, at");
        assertThat(key("ghost")).hasSize(1);
        TargetWriter zombie = writer(plain("ghost"));
        assertThatThrownBy(() -> zombie.write(later.get(0))).isInstanceOf(StaleSnapshotException.class);
    }

    @Test
    @DisplayName("S17: a COPY of an earlier snapshot that hangs neither holds up the later one nor commits")
    void zombieCannotCommit() throws Exception {
        TableSchema t = create("zombie", 3000);
        List<SnapshotBatch> earlier = snapshot(t, 10_000);
        TargetWriter hanging = writer(plain("zombie"));
        hanging.write(earlier.get(0));
        TargetWriter between = writer(plain("zombie"));
        SnapshotBatch second = earlier.stream()
                .filter(batch -> batch.chunk().index() == 1)
                .findFirst()
                .orElseThrow();
        between.write(second);
        between.prepare();

        TargetWriter successor = writer(plain("zombie"));
        List<SnapshotBatch> later = snapshot(t, 10_000);
        writeAll(successor, later.subList(0, 2));
        assertThatThrownBy(hanging::prepare).isInstanceOf(SQLException.class);
        // Its session held nothing, so it lives; what it copies is refused when it is to be committed.
        assertThatThrownBy(() -> {
                    for (SnapshotBatch batch : earlier) {
                        if (batch.chunk().index() == 1) {
                            between.write(batch);
                        }
                    }
                })
                .isInstanceOf(StaleSnapshotException.class);
        writeAll(successor, later.subList(2, later.size()));
        awaitComplete(successor, "zombie");
        assertSame("zombie", "id, note, at");
    }

    @Test
    @DisplayName("S17: of two writers of one chunk only one can commit")
    void oneOfTwo() throws Exception {
        TableSchema t = create("twice", 3000);
        List<SnapshotBatch> pieces = snapshot(t, 10_000);
        TargetWriter one = writer(plain("twice"));
        TargetWriter two = writer(plain("twice"));
        one.write(pieces.get(0));
        two.write(pieces.get(0));
        one.prepare();
        assertThatThrownBy(two::prepare)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("another writer has brought rows");
        writeAll(one, pieces.subList(1, pieces.size()));
        awaitComplete(one, "twice");
        assertSame("twice", "id, note, at");
    }
}
