package io.sluice.postgres.apply.table;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.ledger.Ledger.Load;
import io.sluice.postgres.apply.ledger.Ledger.LoadState;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.sql.Names;
import io.sluice.postgres.sql.TableSql;
import io.sluice.postgres.sql.TableSql.ColumnDefinition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes or checks a target table and its ledger entry, one contact at a time. */
final class FirstContact {
    /** First half of the advisory locks under which schemas and tables are made, so that others' locks do not meet. */
    private static final int LOCK_SPACE = 0x736c7563;

    private static final String TIMESTAMP = "pg_catalog.timestamptz";

    private final Session session;
    private final Ledger ledger;
    private final ApplyOptions options;

    FirstContact(Session session, Ledger ledger, ApplyOptions options) {
        this.session = session;
        this.ledger = ledger;
        this.options = options;
    }

    Entry meet(TableSchema source, TableName target, @Nullable Snapshot snapshot) throws SQLException {
        makeSchema(target.schema());
        lock(target.toString());
        Optional<Entry> recorded = ledger.lockEntry(connection(), source.name(), Ledger.Strength.FOR_UPDATE);
        Entry entry = recorded.isPresent() ? again(recorded.get(), source, snapshot) : first(source, target, snapshot);
        if (recorded.isEmpty() || !recorded.get().equals(entry)) {
            ledger.put(connection(), entry);
        }
        return entry;
    }

    private Entry first(TableSchema source, TableName target, @Nullable Snapshot snapshot) throws SQLException {
        LoadState state = snapshot == null ? LoadState.COMPLETE : LoadState.LOADING;
        Optional<ExistingTable> found = TargetCatalog.find(connection(), target);
        if (found.isEmpty()) {
            make(source, target, snapshot == null ? Fit.keyColumns(source) : List.of());
            return new Entry(source.name(), target, Load.DIRECT, state, snapshot);
        }
        List<String> problems = Fit.problems(source, found.get(), false);
        if (!problems.isEmpty()) {
            throw new UnfitTargetException(problems);
        }
        addMetadataColumns(found.get());
        Load load = hasRows(target) ? Load.STAGED : Load.DIRECT;
        if (load == Load.STAGED && snapshot != null) {
            refuseForeignRows(source, target);
        }
        return new Entry(source.name(), target, load, state, snapshot);
    }

    private Entry again(Entry entry, TableSchema source, @Nullable Snapshot snapshot) throws SQLException {
        Snapshot recorded = entry.snapshot();
        if (snapshot == null || (recorded != null && recorded.id().equals(snapshot.id()))) {
            return entry;
        }
        if (recorded != null && !snapshot.isAfter(recorded)) {
            throw new StaleSnapshotException(source.name(), snapshot, recorded);
        }
        ExistingTable existing = TargetCatalog.find(connection(), entry.target())
                .orElseThrow(() -> new UnfitTargetException(List.of(entry.target()
                        + " is gone, but the ledger knows it; restore it, or reset the pipeline to copy anew")));
        Load load = entry.load();
        boolean merge = options.rows().foreignRows() == ForeignRows.MERGE;
        if (load == Load.DIRECT && !(merge && entry.state() == LoadState.COMPLETE)) {
            // Nobody but us put rows there, so what the earlier snapshot delivered is all there is (RULES F4).
            session.execute((existing.truncatable() ? "TRUNCATE " : "DELETE FROM ") + Names.quote(entry.target()));
        } else {
            refuseForeignRows(source, entry.target());
            if (!source.keyed() && entry.state() == LoadState.LOADING) {
                throw new UnfitTargetException(List.of("an earlier copy of the keyless table " + source.name()
                        + " into "
                        + entry.target() + " broke off after some of its rows were appended; empty the target table of"
                        + " them and reset the pipeline"));
            }
            load = Load.STAGED;
        }
        ledger.forgetChunks(connection(), source.name(), snapshot.id());
        return new Entry(source.name(), entry.target(), load, LoadState.LOADING, snapshot);
    }

    private void refuseForeignRows(TableSchema source, TableName target) {
        if (options.rows().foreignRows() == ForeignRows.REFUSE) {
            throw new UnfitTargetException(
                    List.of(target + " held rows that this pipeline did not put there, and a copy" + " of "
                            + source.name() + " would mix with them; empty it, or use startup-mode stream-only"));
        }
    }

    private void makeSchema(String schema) throws SQLException {
        if (exists("SELECT FROM pg_catalog.pg_namespace WHERE nspname = ?", schema)) {
            return;
        }
        lock(schema);
        session.execute("CREATE SCHEMA IF NOT EXISTS " + Names.quote(schema));
        session.commit();
    }

    private void make(TableSchema source, TableName target, List<String> key) throws SQLException {
        List<String> missing = missingTypes(connection(), source);
        if (!missing.isEmpty()) {
            throw new UnfitTargetException(missing);
        }
        List<ColumnDefinition> columns = new ArrayList<>();
        source.columns()
                .forEach(
                        c -> columns.add(new ColumnDefinition(c.name(), c.type().sql(), c.notNull())));
        if (options.rows().deletes().metadataColumns()) {
            MetadataColumns.ALL.forEach(name -> columns.add(new ColumnDefinition(name, TIMESTAMP, false)));
        }
        session.execute(TableSql.create(target, columns, key));
    }

    static List<String> missingTypes(Connection connection, TableSchema source) throws SQLException {
        List<String> missing = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT pg_catalog.to_regtype(?) IS NULL")) {
            for (var column : source.columns()) {
                select.setString(1, column.type().sql());
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    if (row.getBoolean(1)) {
                        missing.add("type " + column.type().sql() + " of column " + column.name() + " of "
                                + source.name() + " does not exist in the target database; create the type (or its"
                                + " extension) there");
                    }
                }
            }
        }
        return missing;
    }

    private void addMetadataColumns(ExistingTable existing) throws SQLException {
        if (options.rows().deletes().metadataColumns()
                && !existing.columns().keySet().containsAll(MetadataColumns.ALL)) {
            session.execute(TableSql.addColumns(
                    existing.name(),
                    MetadataColumns.ALL.stream()
                            .map(name -> new ColumnDefinition(name, TIMESTAMP, false))
                            .toList()));
        }
    }

    private boolean hasRows(TableName target) throws SQLException {
        try (Statement statement = connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + Names.quote(target) + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private boolean exists(String query, String name) throws SQLException {
        try (PreparedStatement select = connection().prepareStatement(query)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Until the transaction ends: several writers come to a new table at once. */
    private void lock(String name) throws SQLException {
        session.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + LOCK_SPACE + ", " + name.hashCode() + ")");
    }

    private Connection connection() {
        return session.connection();
    }
}
