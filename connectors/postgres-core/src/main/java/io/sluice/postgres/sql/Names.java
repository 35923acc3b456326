package io.sluice.postgres.sql;

import io.sluice.postgres.change.TableName;
import java.util.Collection;
import java.util.stream.Collectors;

/** The one place where names and texts become SQL. */
public final class Names {
    private Names() {}

    /** {@code "name"}; always quoted, so that no name is folded to lower case or taken for a keyword. */
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a name in PostgreSQL: \"" + name + "\"");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    public static String quote(TableName table) {
        return quote(table.schema()) + "." + quote(table.table());
    }

    /** Quoted and joined with commas. */
    public static String list(Collection<String> names) {
        return names.stream().map(Names::quote).collect(Collectors.joining(", "));
    }

    /** A text as a literal that reads the same whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text in PostgreSQL holds no NUL byte");
        }
        String doubled = text.replace("'", "''");
        return doubled.indexOf('\\') < 0 ? "'" + doubled + "'" : " E'" + doubled.replace("\\", "\\\\") + "'";
    }
}
