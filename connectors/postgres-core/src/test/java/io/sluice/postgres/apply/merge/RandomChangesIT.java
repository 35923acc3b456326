package io.sluice.postgres.apply.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.apply.write.TargetWriter;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.TableSchema;
import io.sluice.testkit.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writers and committer against a naive model, with restarts at older positions, late units and zombies. */
class RandomChangesIT {
    private static final int TRANSACTIONS = 100;

    private static Target target;

    private final List<TargetWriter> writers = new ArrayList<>();
    private final List<List<Unit>> sent = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        target = new Target(PostgresServer.quick(17));
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = DeleteMode.class,
            names = {"MARK", "REMOVE"})
    @DisplayName("F3: whatever is cut, sent again, late or twice, the target is the source as of the ledger's position")
    void targetFollowsTheSource(DeleteMode mode) throws Exception {
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("RandomChangesIT " + mode + ": -Dsluice.seed=" + seed);
        Random random = new Random(seed);
        target.reset();
        TableSchema keyed = target.table("keyed", "id int primary key, u int, big text");
        TableSchema keyless = target.table("keyless", "note text");
        target.meet(mode, keyed);
        target.meet(mode, keyless);
        if (mode == DeleteMode.REMOVE) {
            target.server().execute("target", "alter table keyed add unique (u)");
        }
        List<ChangeScript.Event> events = new ChangeScript(random, keyed, keyless).write(TRANSACTIONS);
        ApplyOptions options = options(mode, 1 + random.nextInt(6));
        try (UnitCommitter committer = new UnitCommitter(target.settings(), "test", options);
                UnitCommitter zombie = new UnitCommitter(target.settings(), "zombie", options)) {
            open(options, 1 + random.nextInt(4));
            int next = 0;
            int committed = 0;
            while (next < events.size()) {
                int barrier = Math.min(events.size(), next + 1 + random.nextInt(25));
                ChangePosition end = end(events, barrier);
                for (ChangeScript.Event event : events.subList(next, barrier)) {
                    for (ChangeBatch batch : event.batches()) {
                        writers.get(batch.bucket() % writers.size()).write(batch);
                    }
                }
                next = barrier;
                List<Unit> units = prepare(end);
                sent.add(units);
                Collections.shuffle(units, random);
                int dice = random.nextInt(10);
                if (dice < 8) {
                    committer.commit(units);
                    check(mode, events, end);
                    committed = Math.max(committed, next);
                }
                if (dice < 2) {
                    comeLate(zombie, sent.get(random.nextInt(sent.size())));
                } else if (dice > 5) {
                    // What was not committed is read again, and some of what was.
                    next = Math.max(0, committed - random.nextInt(40));
                    open(options, 1 + random.nextInt(4));
                }
            }
            check(mode, events, end(events, events.size()));
        } finally {
            closeWriters();
        }
    }

    /** Units that were never committed and whose writers are dead may be gone, and then must not be taken as empty. */
    private static void comeLate(UnitCommitter zombie, List<Unit> units) throws SQLException {
        try {
            zombie.commit(units);
        } catch (LostUnitException e) {
            assertThat(e).hasMessageContaining("not applied yet");
        }
    }

    private static ApplyOptions options(DeleteMode mode, int flushRows) {
        ApplyOptions base = Target.options(mode);
        return new ApplyOptions(
                base.pipeline(),
                base.stagingSchema(),
                base.mapping(),
                base.rows(),
                new FlushPolicy(
                        flushRows, 64 << 20, Duration.ofHours(1), Duration.ZERO, FlushPolicy.Scope.FULL_TABLE_ONLY));
    }

    /** The last event's position, or the end of its transaction when that is complete. */
    private static ChangePosition end(List<ChangeScript.Event> events, int count) {
        ChangePosition last = events.get(count - 1).position();
        boolean complete =
                count == events.size() || !events.get(count).position().lsn().equals(last.lsn());
        return complete ? Target.at(last.lsn().value() + 50, 0) : last;
    }

    private void open(ApplyOptions options, int count) throws SQLException {
        closeWriters();
        for (int i = 0; i < count; i++) {
            writers.add(TargetWriter.open(target.settings(), "writer", options));
        }
    }

    private void closeWriters() throws SQLException {
        for (TargetWriter writer : writers) {
            writer.close();
        }
        writers.clear();
    }

    private List<Unit> prepare(ChangePosition end) throws SQLException {
        writers.get(0).write(new Progress(0, Target.ORIGIN, end));
        List<Unit> units = new ArrayList<>();
        for (TargetWriter writer : writers) {
            units.add(writer.prepare());
        }
        return units;
    }

    /** The ledger may be further than {@code atLeast}: after a restart at an older position it stays where it was. */
    private static void check(DeleteMode mode, List<ChangeScript.Event> events, ChangePosition atLeast)
            throws SQLException {
        List<String> ledger =
                target.rows("select lsn - '0/0', ordinal from _sluice.pipeline").get(0);
        ChangePosition applied = Target.at(Long.parseLong(ledger.get(0)), Long.parseLong(ledger.get(1)));
        assertThat(applied).isGreaterThanOrEqualTo(atLeast);
        ChangeScript.Event last = null;
        for (ChangeScript.Event event : events) {
            if (!event.position().isAfter(applied)) {
                last = event;
            }
        }
        assertThat(last).isNotNull();
        TreeMap<Integer, ChangeScript.Values> model = last.keyed();
        List<List<String>> rows = target.rows("select id, u, md5(big), length(big) from keyed"
                + (mode == DeleteMode.MARK ? " where _sdc_deleted_at is null" : "") + " order by id");
        assertThat(rows).as("keyed at " + applied).isEqualTo(expected(model));
        assertThat(target.rows("select note from keyless").stream()
                        .map(row -> row.get(0))
                        .toList())
                .as("keyless at " + applied)
                .containsExactlyInAnyOrderElementsOf(last.notes());
    }

    private static List<List<String>> expected(TreeMap<Integer, ChangeScript.Values> model) {
        List<List<String>> expected = new ArrayList<>();
        model.forEach((id, values) -> expected.add(List.of(
                id.toString(),
                String.valueOf(values.u()),
                md5(values.big()),
                Integer.toString(values.big().length()))));
        return expected;
    }

    private static String md5(String text) {
        try {
            byte[] digest = java.security.MessageDigest.getInstance("MD5")
                    .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return java.util.HexFormat.of().formatHex(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
