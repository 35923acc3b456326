package io.sluice.postgres.apply.table;

import io.sluice.postgres.apply.option.ApplyOptions.KeyPolicy;
import io.sluice.postgres.apply.table.ExistingTable.ExistingColumn;
import io.sluice.postgres.change.Column;
import io.sluice.postgres.change.TableName;
import io.sluice.postgres.change.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Whether a target table can take a source table's rows. */
final class Fit {
    /** Below it, types have the same OID on every server. */
    private static final int FIRST_USER_OID = 16384;
    /** text, varchar, bpchar, name: sent as their characters, taken by each other, by citext and by enums. */
    private static final Set<Integer> CHARACTERS = Set.of(25, 1043, 1042, 19);

    private static final int SINGLE_CHAR = 18;

    private Fit() {}

    /** Names of a source table's key columns, in key order. */
    static List<String> keyColumns(TableSchema source) {
        return IntStream.range(0, source.keyWidth())
                .mapToObj(i -> source.columns().get(source.keyColumn(i)).name())
                .toList();
    }

    /** What a source table lacks, whatever its target looks like. */
    static List<String> problems(TableSchema source, KeyPolicy policy) {
        if (source.keyed() || policy == KeyPolicy.OPTIONAL) {
            return List.of();
        }
        return List.of("source table " + source.name() + " has no key; add a primary key to it, or set its REPLICA"
                + " IDENTITY to a unique index, or set primary-key-required to false to append its rows");
    }

    /**
     * @param keyPending the key is made after the first copy, so it may be missing
     * @return what is wrong, each with its remedy; empty when the table fits
     */
    static List<String> problems(TableSchema source, ExistingTable target, boolean keyPending) {
        TableName name = target.name();
        char kind = target.traits().kind();
        if (kind != 'r' && kind != 'p') {
            return List.of(name + " is not a table but a " + (kind == 'f' ? "foreign table" : "view")
                    + "; drop it or map " + source.name() + " to another name");
        }
        List<String> problems = new ArrayList<>();
        if (target.traits().policies()) {
            problems.add(name + " has row security that holds for our role, so rows would be missed; grant the role"
                    + " BYPASSRLS or make it the table's owner");
        }
        for (Column column : source.columns()) {
            String problem = problem(source, column, name, target.columns().get(column.name()));
            if (problem != null) {
                problems.add(problem);
            }
        }
        Set<String> known = source.columns().stream().map(Column::name).collect(Collectors.toSet());
        for (ExistingColumn extra : target.columns().values()) {
            if (extra.required() && !known.contains(extra.column().name())) {
                problems.add("column " + extra.column().name() + " of " + name + " is NOT NULL, has no default and"
                        + " is not in the source; give it a default or drop its NOT NULL");
            }
        }
        if (source.keyed() && !keyPending && target.keyOn(keyColumns(source)).isEmpty()) {
            problems.add(wrongKey(source, target));
        }
        return problems;
    }

    private static @Nullable String problem(
            TableSchema source, Column column, TableName name, @Nullable ExistingColumn found) {
        String type = column.type().sql();
        if (found == null) {
            return "column " + column.name() + " (" + type + ") is missing in " + name
                    + "; add it, or drop the target table to have it made";
        }
        if (found.generated()) {
            return "column " + column.name() + " of " + name
                    + " is generated there, so values from the source cannot be"
                    + " written; drop its expression or the column";
        }
        if (source.binarySafe() && !takesBinary(column, found)) {
            return "column " + column.name() + " is " + type + " in " + source.name() + " and "
                    + found.column().sqlType() + " in " + name + ", and values travel in binary; change the target's"
                    + " column to " + type + ", or drop the target table to have it made";
        }
        return null;
    }

    /** Binary values of another type are refused by the server or, worse, taken for something else (RULES S15). */
    private static boolean takesBinary(Column column, ExistingColumn found) {
        int from = column.type().baseOid();
        int to = found.column().baseOid();
        if (builtIn(from) && from == to) {
            return true;
        }
        if (CHARACTERS.contains(from)) {
            return to != SINGLE_CHAR && (found.category() == 'S' || found.category() == 'E');
        }
        // Types that users made have other OIDs here; their names tell.
        return !builtIn(from)
                && !builtIn(to)
                && column.type().sql().equals(found.column().sqlType());
    }

    private static boolean builtIn(int oid) {
        return Integer.compareUnsigned(oid, FIRST_USER_OID) < 0;
    }

    private static String wrongKey(TableSchema source, ExistingTable target) {
        String wanted = String.join(", ", keyColumns(source));
        String have = target.keys().isEmpty()
                ? "no unique index that can serve as key"
                : target.keys().stream()
                        .map(key -> "(" + String.join(", ", key.columnNames()) + ")")
                        .collect(Collectors.joining(", ", "unique indexes on ", ""));
        return "the key of " + source.name() + " is (" + wanted + "), but " + target.name() + " has " + have
                + "; add a primary key on (" + wanted + "), or drop the target table to have it made";
    }
}
