package io.sluice.postgres.replication;

import io.sluice.postgres.change.BatchAssembler;
import io.sluice.postgres.change.Buckets;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.Lsn;
import io.sluice.postgres.change.Origin;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.change.Visibility;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.pgoutput.PgOutputDecoder;
import io.sluice.postgres.wal2json.Wal2JsonDecoder;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Follows a slot and makes batches of what it sends. The server is answered by a thread of the reader's own, so the
 * connection lives however seldom {@link #fetch} is called.
 *
 * <p>Not thread-safe, but {@link #confirm} and {@link #close} may be called from any thread.
 */
public final class ChangeReader implements AutoCloseable {
    private static final int MESSAGES_AT_A_TIME = 1024;
    private static final Duration LIFELINE_PATIENCE = Duration.ofSeconds(60);

    private final WalSender walsender;
    private final BatchAssembler assembler;
    private final MessageDecoder decoder;
    private final byte[][] messages = new byte[MESSAGES_AT_A_TIME][];
    private int next;
    private int end;
    private Lsn serverEnd;

    /**
     * Where and with what to begin.
     *
     * @param position everything up to it was taken before
     * @param tables that are captured; changes of others are left out
     * @param visibility which changes the copied tables hold already
     * @param origin whose position it is
     */
    public record Start(
            ChangePosition position, List<TableSchema> tables, Visibility visibility, Buckets buckets, Origin origin) {
        public Start {
            Objects.requireNonNull(position, "position is null");
            tables = List.copyOf(tables);
            Objects.requireNonNull(visibility, "visibility is null");
            Objects.requireNonNull(buckets, "buckets is null");
            Objects.requireNonNull(origin, "origin is null");
        }
    }

    /**
     * What one call brought.
     *
     * @param batches in order; the last one is {@link Progress} when the position has moved
     * @param end everything up to it is in this or an earlier fetch
     * @param serverEnd up to where the server has decoded, as far as it told
     * @param changes true when the batches hold more than progress
     * @param lastCommitTime of the newest transaction heard of, microseconds since 2000-01-01 00:00 UTC; 0 before it
     */
    public record Fetch(
            List<ChangeBatch> batches, ChangePosition end, Lsn serverEnd, boolean changes, long lastCommitTime) {
        public Fetch {
            batches = List.copyOf(batches);
        }

        public boolean isEmpty() {
            return batches.isEmpty();
        }
    }

    /**
     * Checks that the slot goes on where {@code start} left off, and begins to read it. A former reader with the same
     * application name is ended; any other is waited for, up to a minute.
     *
     * @param application of the pipeline alone
     * @throws UnreadableSourceException when the slot does not hold all that follows the position
     * @throws SQLException when the connection fails, or somebody else keeps the slot
     */
    public static ChangeReader open(ConnectionSettings settings, String application, SlotSession session, Start start)
            throws SQLException, InterruptedException {
        return open(settings, application, session, start, LIFELINE_PATIENCE);
    }

    static ChangeReader open(
            ConnectionSettings settings, String application, SlotSession session, Start start, Duration patience)
            throws SQLException, InterruptedException {
        SessionStart.Opened opened = new SessionStart(settings, application, session, start).open(patience);
        ChangeReader reader = new ChangeReader(opened, session, start);
        opened.walsender().start();
        return reader;
    }

    private ChangeReader(SessionStart.Opened opened, SlotSession session, Start start) {
        this.walsender = opened.walsender();
        this.assembler = new BatchAssembler(
                start.position(), start.buckets(), session.format(), start.visibility(), start.origin());
        this.decoder = switch (session.plugin()) {
            case PGOUTPUT -> new PgOutputDecoder(session.format(), opened.tables(), assembler)::decode;
            case WAL2JSON -> new Wal2JsonDecoder(opened.tables(), assembler)::decode;
        };
        this.serverEnd = start.position().lsn();
    }

    /**
     * Waits for a first message and takes what is there.
     *
     * @param bytes of rows, about, after which to stop
     * @param wait at most, for the first message
     * @return without batches when nothing came
     * @throws SQLException when the connection has broken; the next reader goes on after the last {@link Fetch#end}
     */
    public Fetch fetch(long bytes, Duration wait) throws SQLException, InterruptedException {
        boolean more = next < end || ahead(wait);
        if (!more) {
            walsender.check();
        }
        long taken = 0;
        while (more && taken < bytes && assembler.pendingBytes() < bytes) {
            byte[] message = messages[next++];
            taken += message.length;
            take(message);
            more = next < end || ahead(Duration.ZERO);
        }
        List<ChangeBatch> batches = assembler.drain();
        boolean changes = !batches.isEmpty() && !(batches.get(0) instanceof Progress);
        return new Fetch(batches, assembler.position(), serverEnd, changes, assembler.lastCommitTime());
    }

    /** Everything up to {@code flushed} is safe: the server may forget it. A lower position changes nothing. */
    public void confirm(Lsn flushed) {
        walsender.confirm(flushed);
    }

    @Override
    public void close() throws SQLException {
        walsender.close();
    }

    private boolean ahead(Duration wait) throws InterruptedException {
        next = 0;
        end = walsender.poll(messages, wait);
        return end > 0;
    }

    private void take(byte[] message) {
        long walEnd = WalMessage.walEnd(message);
        if (Long.compareUnsigned(walEnd, serverEnd.value()) > 0) {
            serverEnd = new Lsn(walEnd);
        }
        if (WalMessage.isData(message)) {
            decoder.decode(message, WalMessage.PAYLOAD, message.length - WalMessage.PAYLOAD);
        } else {
            assembler.keepalive(new Lsn(walEnd));
        }
    }
}
