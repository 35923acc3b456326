package io.sluice.job.config;

import io.sluice.job.config.option.Text;
import io.sluice.job.config.option.UnreadableValueException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Privileges to grant on the target schema and on the tables in it that are loaded. */
public record SchemaPrivileges(List<Grant> grants) implements Serializable {
    public static final SchemaPrivileges NONE = new SchemaPrivileges(List.of());

    public SchemaPrivileges {
        grants = List.copyOf(grants);
    }

    /** What is granted: USAGE on the schema, or SELECT on the tables. */
    public enum Privilege {
        USAGE,
        SELECT
    }

    /** One privilege and who gets it; without roles it is PUBLIC. */
    public record Grant(Privilege privilege, List<String> roles) implements Serializable {
        public Grant {
            roles = List.copyOf(roles);
        }

        @Override
        public String toString() {
            return roles.isEmpty() ? privilege.name() : privilege + ":" + String.join(",", roles);
        }
    }

    @Override
    public String toString() {
        return grants.isEmpty()
                ? "none"
                : String.join("; ", grants.stream().map(Grant::toString).toList());
    }

    static Text<SchemaPrivileges> type() {
        return Text.of(
                "none, USAGE or SELECT, each with roles",
                "none, or USAGE and SELECT, each with the roles that get it: \"USAGE; SELECT:analyst,reporting\"",
                SchemaPrivileges::parse);
    }

    private static SchemaPrivileges parse(String text) throws UnreadableValueException {
        if (text.strip().equals("none")) {
            return NONE;
        }
        List<Grant> grants = new ArrayList<>();
        for (String part : text.split(";", -1)) {
            String[] sides = part.split(":", -1);
            if (sides.length > 2) {
                throw type().unreadable();
            }
            List<String> roles = sides.length == 2 ? roles(sides[1]) : List.of();
            for (String word : sides[0].split(",", -1)) {
                grants.add(new Grant(privilege(word.strip()), roles));
            }
        }
        return new SchemaPrivileges(grants);
    }

    private static Privilege privilege(String word) throws UnreadableValueException {
        return Arrays.stream(Privilege.values())
                .filter(privilege -> privilege.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> type().unreadable());
    }

    private static List<String> roles(String text) throws UnreadableValueException {
        List<String> roles = new ArrayList<>();
        for (String word : text.split(",", -1)) {
            if (word.isBlank()) {
                throw type().unreadable();
            }
            roles.add(Identifiers.checked(word.strip()));
        }
        return roles;
    }
}
