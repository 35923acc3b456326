package io.sluice.job.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.job.PipelineFile;
import io.sluice.postgres.change.ValueFormat;
import io.sluice.testkit.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each bad input: one message that says what is wrong and what to do, and nothing made on either server. */
class PreflightIT {
    private static final String EVERYTHING = """
            select 'relation', n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            union all select 'schema', nspname, '' from pg_namespace
            union all select 'slot', slot_name, plugin from pg_replication_slots
            union all select 'publication', pubname, '' from pg_publication
            union all select 'type', typname, '' from pg_type
            order by 1, 2, 3
            """;

    private static PostgresServer source;
    private static PostgresServer target;
    private int number;
    private List<List<List<String>>> before = List.of();

    @BeforeAll
    static void start() {
        source = PostgresServer.quick(17);
        target = PostgresServer.quick(15);
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    @BeforeEach
    void freshDatabases() throws SQLException {
        number = Numbers.next();
        source.execute("postgres", "create database " + database());
        target.execute("postgres", "create database " + database());
        source.execute(database(), "create table orders (id int primary key, note text)");
    }

    @AfterEach
    void nothingWasMade() throws SQLException {
        if (!before.isEmpty()) {
            assertThat(everything()).as("what is on the servers").isEqualTo(before);
        }
        source.execute(
                "postgres",
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots",
                "drop database " + database() + " with (force)");
    }

    @Test
    void nothingIsWrong() throws SQLException {
        assertThat(errors(file())).isEmpty();
        assertThat(Preflight.inspect(file().config()).tables()).hasSize(1);
    }

    @Test
    void literalPasswordIsAWarning() throws SQLException {
        assertThat(run(file())).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.what()).contains("source.password").doesNotContain(PostgresServer.PASSWORD);
        });
    }

    @Test
    void wrongPassword() throws SQLException {
        assertThat(error(file().with("source.password", "wrong-one")))
                .contains("FromPG", source.host() + ":" + source.port(), "refused user \"postgres\"", "source.password")
                .doesNotContain("wrong-one");
    }

    @Test
    void portWhereNobodyListens() throws SQLException {
        assertThat(error(file().with("target.port", "1")))
                .contains("ToPG", target.host() + ":1", "cannot be reached", "target.port");
    }

    @Test
    void unknownHost() throws SQLException {
        assertThat(error(file().with("source.host", "no-such-host.invalid")))
                .contains("FromPG", "no-such-host.invalid", "not known", "source.host");
    }

    @Test
    void unknownDatabase() throws SQLException {
        assertThat(error(file().with("target.database-name", "nowhere")))
                .contains("ToPG", "no database \"nowhere\"", "target.database-name");
    }

    @Test
    void unsetVariable() throws SQLException {
        assertThat(error(file().with("source.password", "${env:SLUICE_NO_SUCH_VARIABLE}")))
                .contains("FromPG", "SLUICE_NO_SUCH_VARIABLE is not set");
    }

    @Test
    void missingTable() throws SQLException {
        assertThat(error(file().with("source.table", "order_items"))).contains("order_items", "schema public");
    }

    @Test
    void tableInOtherSpelling() throws SQLException {
        assertThat(error(file().with("source.table", "Orders"))).contains("public.orders", "case-sensitive");
    }

    @Test
    void viewIsNoTable() throws SQLException {
        source.execute(database(), "create view open_orders as select * from orders");
        assertThat(error(file().with("source.table", "open_orders"))).contains("public.open_orders is a view");
    }

    @Test
    void noPrivilegeToRead() throws SQLException {
        asReader();
        assertThat(errors(file().with("source.username", reader()))).anySatisfy(error -> assertThat(error)
                .contains("FromPG", "\"" + reader() + "\" may not read public.orders", "GRANT SELECT"));
    }

    @Test
    @DisplayName("S14: row security that would hide rows is an error")
    void rowSecurity() throws SQLException {
        asReader();
        source.execute(
                database(),
                "grant select on orders to " + reader(),
                "alter table orders enable row level security",
                "create policy p on orders using (id > 1)");
        assertThat(errors(file().with("source.username", reader())))
                .anySatisfy(error -> assertThat(error).contains("row security", "public.orders", "BYPASSRLS"));
    }

    @Test
    void slotOfAnotherDatabase() throws SQLException {
        source.execute("postgres", "select pg_create_logical_replication_slot('taken', 'pgoutput')");
        assertThat(error(file().with("source.replication-slot", "taken"))).contains("taken", "database", "postgres");
    }

    @Test
    void slotOfAnotherPlugin() throws SQLException {
        source.execute(database(), "select pg_create_logical_replication_slot('taken', 'test_decoding')");
        assertThat(error(file().with("source.replication-slot", "taken"))).contains("taken", "test_decoding");
    }

    @Test
    void slotThatMayNotBeMade() throws SQLException {
        assertThat(error(file().with("source.slot-creation", "never")))
                .contains("no replication slot macrometa_" + database(), "slot-creation");
    }

    @Test
    void walLevelReplica() throws SQLException {
        try (PostgresServer plain = PostgresServer.durable(15, Map.of("wal_level", "replica"))) {
            plain.execute("postgres", "create table orders (id int primary key)");
            PipelineFile file = PipelineFile.between(plain, "postgres", target, database());
            assertThat(errors(file)).singleElement().asString().contains("wal_level", "logical");
        }
    }

    @Test
    void tableWithoutKey() throws SQLException {
        source.execute(database(), "create table log (line text)");
        assertThat(errors(file()))
                .allSatisfy(error -> assertThat(error).contains("public.log", "primary-key-required"));
        assertThat(errors(file().with("target.primary-key-required", "false"))).isEmpty();
    }

    @Test
    void targetTableWithoutTheColumn() throws SQLException {
        target.execute(database(), "create table orders (id int primary key)");
        assertThat(error(file())).contains("ToPG", "note", "public.orders");
    }

    @Test
    void targetThatMayNotBeWritten() throws SQLException {
        target.execute("postgres", "create role writer" + number + " login password '" + PostgresServer.PASSWORD + "'");
        assertThat(errors(file().with("target.username", "writer" + number)))
                .isNotEmpty()
                .allSatisfy(error -> assertThat(error).contains("ToPG", "schema"));
    }

    @Test
    @DisplayName("S15: a target column of another type makes all values travel as text")
    void otherType() throws SQLException {
        target.execute(database(), "create table orders (id bigint primary key, note text)");
        before = everything();
        Inspection inspection = Preflight.inspect(file().config());
        assertThat(inspection.hasErrors()).isFalse();
        assertThat(inspection.values()).isEqualTo(ValueFormat.TEXT);
        assertThat(inspection.findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.INFO);
            assertThat(finding.what()).contains("id", "text");
        });
    }

    @Test
    void twoSourcesOfOneTarget() throws SQLException {
        source.execute(database(), "create schema archive", "create table archive.orders (id int primary key)");
        assertThat(error(file().with("source.schema", "/public|archive/")))
                .contains("archive.orders, public.orders", "one table, public.orders");
    }

    @Test
    @DisplayName("S24: a superuser that writes into another's table is warned")
    void tableOfAnother() throws SQLException {
        target.execute(
                database(),
                "create role owner" + number,
                "create table orders (id int primary key, note text)",
                "alter table orders owner to owner" + number);
        assertThat(run(file()))
                .anySatisfy(finding -> assertThat(finding.what()).contains("owner" + number, "superuser"));
        assertThat(errors(file())).isEmpty();
    }

    @Test
    @DisplayName("F3: a ledger that another server has fed is refused")
    void ledgerOfAnotherServer() throws SQLException {
        ledgerAt("1234", "0/1");
        assertThat(error(file())).contains("shop", "fed by another server", "1234");
    }

    @Test
    @DisplayName("F3: a slot that is gone is not made anew behind the ledger's back")
    void slotIsGone() throws SQLException {
        ledgerAt(systemId(), "0/1");
        assertThat(error(file())).contains("shop", "0/1", "is gone");
    }

    @Test
    @DisplayName("F3: a slot that is ahead of the ledger names the gap")
    void slotIsAhead() throws SQLException {
        source.execute(
                database(), "select pg_create_logical_replication_slot('macrometa_" + database() + "', 'pgoutput')");
        ledgerAt(systemId(), "0/1");
        assertThat(error(file())).contains("0/1", "begins at", "lost");
    }

    private void ledgerAt(String systemId, String lsn) throws SQLException {
        try (var connection = target.connect(database())) {
            new io.sluice.postgres.apply.ledger.Ledger("_sluice", "shop").create(connection);
        }
        target.execute(
                database(),
                "insert into _sluice.pipeline values ('shop', '" + systemId + "', 1, 'macrometa_" + database()
                        + "', 'pgoutput', '" + lsn + "', 0)");
    }

    private String systemId() throws SQLException {
        return source.query("postgres", "select system_identifier from pg_control_system()")
                .get(0)
                .get(0);
    }

    private void asReader() throws SQLException {
        source.execute(
                "postgres",
                "create role " + reader() + " login replication password '" + PostgresServer.PASSWORD + "'");
    }

    private String reader() {
        return "reader" + number;
    }

    private String database() {
        return "shop" + number;
    }

    private PipelineFile file() {
        return PipelineFile.between(source, database(), target, database());
    }

    private String error(PipelineFile file) throws SQLException {
        List<String> errors = errors(file);
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    private List<String> errors(PipelineFile file) throws SQLException {
        return run(file).stream()
                .filter(Finding::isError)
                .map(Finding::toString)
                .toList();
    }

    private List<Finding> run(PipelineFile file) throws SQLException {
        before = everything();
        return Preflight.run(file.config());
    }

    private List<List<List<String>>> everything() throws SQLException {
        List<List<List<String>>> all = new ArrayList<>();
        all.add(source.query(database(), EVERYTHING));
        all.add(target.query(database(), EVERYTHING));
        return all;
    }

    /** Test instances are made anew for each test; their databases need names of their own. */
    private static final class Numbers {
        private static int last;

        private static int next() {
            return ++last;
        }
    }
}
