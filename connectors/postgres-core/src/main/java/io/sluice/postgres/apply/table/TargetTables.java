package io.sluice.postgres.apply.table;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.change.Snapshot;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * First contact of a pipeline with its target tables. What is decided here is in the ledger, so all writers and later
 * starts see the same.
 *
 * <p>Not thread-safe.
 */
public final class TargetTables {
    private final Ledger ledger;
    private final ApplyOptions options;
    private final Map<Contact, TargetTable> known = new HashMap<>();

    private record Contact(
            TableName source, long fingerprint, @Nullable String snapshotId) {}

    /** The ledger has to exist when {@link #contact} is called. */
    public TargetTables(Ledger ledger, ApplyOptions options) {
        this.ledger = ledger;
        this.options = options;
    }

    /**
     * The target of a source table. At first contact makes schema and table where they are missing, checks what is
     * there and records it in the ledger; when {@code snapshot} is a later one than the ledger's, takes back what the
     * earlier one delivered (RULES F4). Asks nothing the second time.
     *
     * @param connection in auto-commit mode; committed when this returns
     * @param snapshot null for changes of the stream
     * @throws UnfitTargetException when the target cannot take the table's rows, or not under the options
     * @throws StaleSnapshotException when a later snapshot has been here
     */
    public TargetTable contact(Connection connection, TableSchema source, @Nullable Snapshot snapshot)
            throws SQLException {
        Contact contact = new Contact(source.name(), source.fingerprint(), snapshot == null ? null : snapshot.id());
        TargetTable table = known.get(contact);
        if (table == null) {
            table = meet(connection, source, snapshot);
            known.put(contact, table);
        }
        return table;
    }

    /**
     * The index by which a keyed table's rows are found.
     *
     * @throws UnfitTargetException when it is not there (yet)
     */
    public KeyIndex key(Connection connection, TargetTable table) throws SQLException {
        return TargetCatalog.find(connection, table.name())
                .flatMap(existing -> existing.keyOn(table.keyColumns()))
                .orElseThrow(() -> new UnfitTargetException(List.of(table.name() + " has no unique index on ("
                        + String.join(", ", table.keyColumns()) + "); add a primary key on these columns")));
    }

    /** True when TRUNCATE of the table works: the role may, and no foreign key of another table refers to it. */
    public boolean truncatable(Connection connection, TargetTable table) throws SQLException {
        return TargetCatalog.find(connection, table.name())
                .map(ExistingTable::truncatable)
                .orElse(false);
    }

    /** True when the target table has a unique index on these columns that can serve as its key. */
    public static boolean hasKey(Connection connection, TableName target, List<String> columns) throws SQLException {
        return TargetCatalog.find(connection, target)
                .flatMap(table -> table.keyOn(columns))
                .isPresent();
    }

    /** Forgets what it knows of a table, so that its next contact looks at the server again. */
    public void forget(TableName source) {
        known.keySet().removeIf(contact -> contact.source().equals(source));
    }

    /**
     * What would stop these tables from being taken, each with its remedy; changes nothing. Secondary unique indexes,
     * foreign keys and triggers are not among them: see {@link #remarks}.
     */
    public List<String> problems(Connection connection, List<TableSchema> sources) throws SQLException {
        try (Session session = Session.begin(connection)) {
            return new Preflight(session.connection(), ledger, options).problems(sources);
        }
    }

    /** What works, but may surprise: triggers, foreign keys and further unique indexes of existing target tables. */
    public List<String> remarks(Connection connection, List<TableSchema> sources) throws SQLException {
        try (Session session = Session.begin(connection)) {
            return new Preflight(session.connection(), ledger, options).remarks(sources);
        }
    }

    private TargetTable meet(Connection connection, TableSchema source, @Nullable Snapshot snapshot)
            throws SQLException {
        TableName target = options.mapping().target(source.name());
        try (Session session = Session.begin(connection)) {
            List<String> problems = Fit.problems(source, options.rows().keys());
            if (!problems.isEmpty()) {
                throw new UnfitTargetException(problems);
            }
            // A key that is being built holds the entry's lock for long: whoever needs no change takes no lock.
            Entry entry = ledger.entries(connection).get(source.name());
            if (entry == null || (snapshot != null && !known(entry, snapshot))) {
                FirstContact first = new FirstContact(session, ledger, options);
                entry = first.meet(source, target, snapshot);
            }
            TargetTable table = describe(connection, source, entry);
            session.commit();
            return table;
        } catch (SQLException e) {
            throw new SQLException(
                    "target table " + target + ": " + e.getMessage()
                            + ("42501".equals(e.getSQLState())
                                    ? "; grant this to the target's role, or make it the owner of schema and table"
                                    : ""),
                    e.getSQLState(),
                    e);
        }
    }

    private static boolean known(Entry entry, Snapshot snapshot) {
        return entry.snapshot() != null && entry.snapshot().id().equals(snapshot.id());
    }

    private TargetTable describe(Connection connection, TableSchema source, Entry entry) throws SQLException {
        Optional<ExistingTable> found = TargetCatalog.find(connection, entry.target());
        if (found.isEmpty()) {
            throw new UnfitTargetException(List.of(entry.target() + " is gone, but the ledger says that rows of "
                    + source.name() + " were loaded into it; restore it, or reset the pipeline to copy anew"));
        }
        ExistingTable existing = found.get();
        boolean keyPending = entry.load() == Ledger.Load.DIRECT
                && entry.state() == Ledger.LoadState.LOADING
                && existing.keys().isEmpty();
        List<String> problems = Fit.problems(source, existing, keyPending);
        if (!problems.isEmpty()) {
            throw new UnfitTargetException(problems);
        }
        List<TargetColumn> columns = new ArrayList<>();
        source.columns().forEach(c -> {
            ExistingTable.ExistingColumn column = existing.columns().get(c.name());
            columns.add(Objects.requireNonNull(column, "checked above").column());
        });
        return new TargetTable(
                source,
                entry.target(),
                columns,
                entry.load(),
                options.rows().deletes().metadataColumns(),
                Fit.keyColumns(source));
    }
}
