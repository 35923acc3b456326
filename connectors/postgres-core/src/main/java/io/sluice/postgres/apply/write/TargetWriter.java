package io.sluice.postgres.apply.write;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Load;
import io.sluice.postgres.apply.load.DirectLoads;
import io.sluice.postgres.apply.load.LoadSessions;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.FlushPolicy;
import io.sluice.postgres.apply.stage.Segment;
import io.sluice.postgres.apply.stage.Stager;
import io.sluice.postgres.apply.table.TargetTable;
import io.sluice.postgres.apply.unit.Step;
import io.sluice.postgres.apply.unit.Unit;
import io.sluice.postgres.change.ChangeBatch;
import io.sluice.postgres.change.ChangePosition;
import io.sluice.postgres.change.KeyChange;
import io.sluice.postgres.change.Progress;
import io.sluice.postgres.change.RowBatch;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.SnapshotBatch;
import io.sluice.postgres.change.Truncation;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.postgres.connection.ConnectionSettings;
import io.sluice.postgres.connection.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * One of a pipeline's writers: takes batches in order, makes them durable where nobody sees them, and says at each
 * barrier what is to be committed. Snapshot rows of tables that nobody else filled go straight into their tables.
 *
 * <p>After an exception a writer is of no more use: close it and open another.
 *
 * <p>Not thread-safe.
 */
public final class TargetWriter implements AutoCloseable {
    /** Memory for changes that wait to be staged, of all tables together. */
    static final long BUFFER_BYTES = 64 << 20;

    private final ApplyOptions options;
    private final UUID incarnation = UUID.randomUUID();
    private final Connection connection;
    private final Ledger ledger;
    private final Contacts contacts;
    private final DirectLoads loads;
    private final Stager stager;
    private final Buffers buffers;
    private final StagedCopies copies = new StagedCopies();
    private OpenUnit unit;
    private ChangePosition lastCut = ChangePosition.ZERO;
    private WriterStats stats = WriterStats.NONE;
    private long lastTimed;
    private long lastFlush;
    private boolean clockSeen;
    private boolean flushedSince;

    /**
     * Connects, makes the ledger where it is missing, and ends first copies that a failure left without their key.
     *
     * @param application shown as {@code application_name}
     */
    public static TargetWriter open(ConnectionSettings target, String application, ApplyOptions options)
            throws SQLException {
        return open(target, application, options, BUFFER_BYTES);
    }

    static TargetWriter open(ConnectionSettings target, String application, ApplyOptions options, long bufferBytes)
            throws SQLException {
        Connection connection = Connections.durable(target, application);
        try {
            return new TargetWriter(connection, target, options, bufferBytes);
        } catch (SQLException | RuntimeException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }

    private TargetWriter(Connection connection, ConnectionSettings target, ApplyOptions options, long bufferBytes)
            throws SQLException {
        this.options = options;
        this.connection = connection;
        this.ledger = new Ledger(options.stagingSchema(), options.pipeline());
        LoadSessions sessions = new LoadSessions(options.stagingSchema(), options.pipeline());
        this.contacts = new Contacts(connection, ledger, options, sessions);
        this.loads = new DirectLoads(target, ledger, sessions);
        UUID first = UUID.randomUUID();
        this.stager = new Stager(connection, options.stagingSchema(), options.pipeline(), incarnation, first);
        this.buffers = new Buffers(options.flush(), bufferBytes);
        this.unit = new OpenUnit(options.pipeline(), incarnation, first, stager);
        ledger.create(connection);
        stayAlive();
        loads.resume(connection);
    }

    /**
     * Takes a batch; everything of it counts only with the unit of the next {@link #prepare}.
     *
     * @throws SQLException when the server refuses rows or cannot be reached
     * @throws io.sluice.postgres.apply.table.UnfitTargetException when the target cannot take the table's rows
     * @throws io.sluice.postgres.apply.table.StaleSnapshotException when a later snapshot has replaced this one
     */
    public void write(ChangeBatch batch) throws SQLException {
        loads.check();
        if (batch instanceof RowBatch rows) {
            TargetTable target = contacts.forStream(rows.schema());
            stats = stats.changes(rows.rows());
            buffers.add(target, rows, unit::nextSegment, this::place);
        } else if (batch instanceof SnapshotBatch rows) {
            copy(rows);
        } else if (batch instanceof Truncation cut) {
            cut(cut.position(), new Step.Truncate(cut.tables(), cut.position(), cut.restartIdentity()));
        } else if (batch instanceof KeyChange cut) {
            cut(cut.position(), new Step.KeyUpdate(cut.rows(), cut.position()));
        } else if (batch instanceof Progress progress) {
            unit.progress(progress);
        } else {
            throw new IllegalStateException("unknown batch: " + batch.getClass());
        }
    }

    /**
     * Stages what the flush policy's interval says; to be called now and then. What would ride in the unit is left to
     * wait: nothing of it could be seen sooner.
     *
     * @param nowNanos of a clock that only goes forward, always the same one
     */
    public void flushTimed(long nowNanos) throws SQLException {
        if (!clockSeen) {
            clockSeen = true;
            lastTimed = nowNanos;
            lastFlush = nowNanos - options.flush().minimumGap().toNanos();
        }
        if (flushedSince) {
            flushedSince = false;
            lastFlush = nowNanos;
        }
        FlushPolicy policy = options.flush();
        if (nowNanos - lastTimed >= policy.interval().toNanos()
                && nowNanos - lastFlush >= policy.minimumGap().toNanos()) {
            buffers.closeLarge(OpenUnit.INLINE_BYTES, this::place);
            lastTimed = nowNanos;
        }
    }

    /** No input waits: with an interval of zero it is the time to stage. */
    public void idle() throws SQLException {
        if (options.flush().interval().isZero()) {
            buffers.closeLarge(OpenUnit.INLINE_BYTES, this::place);
        }
    }

    /**
     * Makes everything durable that was taken.
     *
     * @return what is to be committed; without steps and end when there was nothing
     */
    public Unit prepare() throws SQLException {
        loads.check();
        loads.commit();
        buffers.closeAll(this::place);
        copies.closeAll(unit, this::placed);
        Unit prepared = unit.close();
        unit = new OpenUnit(options.pipeline(), incarnation, UUID.randomUUID(), stager);
        return prepared;
    }

    /**
     * Waits for the keys of tables whose copy is complete: nothing may end while one is being built.
     *
     * @throws SQLException when a key could not be built
     */
    public void awaitKeys() throws SQLException, InterruptedException {
        loads.awaitKeys();
    }

    public WriterStats stats() {
        return stats;
    }

    /** Breaks off what is open. Staging tables stay until a later commit finds that nobody needs them (RULES S2). */
    @Override
    public void close() throws SQLException {
        try {
            loads.close();
        } finally {
            connection.abort(Runnable::run);
        }
    }

    private void copy(SnapshotBatch batch) throws SQLException {
        Snapshot snapshot = batch.chunk().snapshot();
        TargetTable target = contacts.forSnapshot(batch.schema(), snapshot);
        if (target.load() == Load.DIRECT) {
            int rows = loads.write(target, batch);
            stats = stats.copied(rows, rows == 0 ? 0 : batch.rows().length());
        } else {
            copies.add(target, batch, unit, this::placed);
        }
    }

    private void cut(ChangePosition position, Step step) throws SQLException {
        if (!position.isAfter(lastCut)) {
            // Cuts come once for each bucket.
            return;
        }
        lastCut = position;
        buffers.closeAll(this::place);
        unit.add(step);
    }

    private void place(TargetTable target, ValueFormat format, int number, Segment segment) throws SQLException {
        unit.add(unit.place(target, format, number, segment));
        placed(segment.rows(), segment.bytes());
    }

    private void placed(int rows, long bytes) {
        stats = stats.staged(rows, bytes);
        flushedSince = true;
    }

    private void stayAlive() throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_catalog.pg_advisory_lock(?)")) {
            lock.setLong(1, Ledger.aliveLock(incarnation));
            lock.executeQuery().close();
        }
    }
}
