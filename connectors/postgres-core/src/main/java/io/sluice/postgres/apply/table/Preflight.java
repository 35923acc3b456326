package io.sluice.postgres.apply.table;

import io.sluice.postgres.apply.ledger.Ledger;
import io.sluice.postgres.apply.ledger.Ledger.Entry;
import io.sluice.postgres.apply.option.ApplyOptions;
import io.sluice.postgres.apply.option.ApplyOptions.ForeignRows;
import io.sluice.postgres.apply.option.DeleteMode;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import io.sluice.postgres.sql.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the target before anything is loaded; writes nothing. */
final class Preflight {
    private final Connection connection;
    private final Ledger ledger;
    private final ApplyOptions options;

    Preflight(Connection connection, Ledger ledger, ApplyOptions options) {
        this.connection = connection;
        this.ledger = ledger;
        this.options = options;
    }

    List<String> problems(List<TableSchema> sources) throws SQLException {
        List<String> problems = new ArrayList<>();
        Map<TableName, Entry> entries = ledger.exists(connection) ? ledger.entries(connection) : Map.of();
        Set<String> schemas = new LinkedHashSet<>();
        schemas.add(options.stagingSchema());
        for (TableSchema source : sources) {
            TableName target = options.mapping().target(source.name());
            problems.addAll(Fit.problems(source, options.rows().keys()));
            Optional<ExistingTable> found = TargetCatalog.find(connection, target);
            if (found.isEmpty()) {
                schemas.add(target.schema());
                problems.addAll(FirstContact.missingTypes(connection, source));
            } else {
                problems.addAll(existing(source, found.get(), entries.get(source.name())));
            }
        }
        for (String schema : schemas) {
            problems.addAll(creatable(schema));
        }
        return problems;
    }

    List<String> remarks(List<TableSchema> sources) throws SQLException {
        List<String> remarks = new ArrayList<>();
        for (TableSchema source : sources) {
            Optional<ExistingTable> found =
                    TargetCatalog.find(connection, options.mapping().target(source.name()));
            if (found.isPresent()) {
                remarks.addAll(remarks(source, found.get()));
            }
        }
        return remarks;
    }

    private List<String> existing(TableSchema source, ExistingTable target, @Nullable Entry entry) throws SQLException {
        boolean keyPending = entry != null
                && entry.state() == Ledger.LoadState.LOADING
                && target.keys().isEmpty();
        List<String> problems = new ArrayList<>(Fit.problems(source, target, keyPending));
        for (String privilege : List.of("SELECT", "INSERT", "UPDATE", "DELETE")) {
            if (!granted("SELECT pg_catalog.has_table_privilege(?, '" + privilege + "')", Names.quote(target.name()))) {
                problems.add("the target's role lacks " + privilege + " on " + target.name() + "; grant it");
            }
        }
        if (problems.isEmpty()
                && entry == null
                && options.rows().foreignRows() == ForeignRows.REFUSE
                && hasRows(target.name())) {
            problems.add(target.name() + " holds rows that this pipeline did not put there; empty it, or use"
                    + " startup-mode stream-only");
        }
        return problems;
    }

    private List<String> remarks(TableSchema source, ExistingTable target) {
        List<String> remarks = new ArrayList<>();
        List<String> others = target.keys().stream()
                .filter(key ->
                        !target.keyOn(Fit.keyColumns(source)).map(key::equals).orElse(false))
                .map(KeyIndex::name)
                .toList();
        if (!others.isEmpty() && options.rows().deletes() != DeleteMode.REMOVE) {
            remarks.add(target.name() + " has further unique indexes (" + String.join(", ", others) + "): a value that"
                    + " moves to a new row collides with the deleted row that stays; set hard-delete, or drop them");
        }
        if (target.traits().foreignKeys() || target.traits().referenced()) {
            remarks.add(target.name() + " has foreign keys: they hold during the first copy; let the target's role set"
                    + " session_replication_role, or drop them");
        }
        if (target.traits().triggers()) {
            remarks.add(target.name() + " has triggers; they run in a session whose session_replication_role is replica"
                    + " where the target's role may set it");
        }
        return remarks;
    }

    private List<String> creatable(String schema) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT FROM pg_catalog.pg_namespace WHERE nspname = ?")) {
            select.setString(1, schema);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return granted(
                                    "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), ?)",
                                    "CREATE")
                            ? List.of()
                            : List.of("schema " + schema + " is missing and the target's role may not create it; create"
                                    + " it, or GRANT CREATE ON DATABASE to the role");
                }
            }
        }
        return granted("SELECT pg_catalog.has_schema_privilege(?, 'CREATE')", schema)
                        && granted("SELECT pg_catalog.has_schema_privilege(?, 'USAGE')", schema)
                ? List.of()
                : List.of("the target's role lacks CREATE or USAGE on schema " + schema + "; grant both");
    }

    private boolean hasRows(TableName target) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + Names.quote(target) + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private boolean granted(String query, String argument) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, argument);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
