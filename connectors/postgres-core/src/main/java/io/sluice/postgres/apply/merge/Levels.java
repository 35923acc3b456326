package io.sluice.postgres.apply.merge;

import io.sluice.postgres.apply.merge.TableMerge.Level;
import io.sluice.postgres.change.TableName;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What tables needed lately, so that a table whose rows collide in every commit does not fail first in every commit.
 *
 * <p>Not thread-safe.
 */
final class Levels {
    /** Commits after which a table is trusted again. */
    private static final int PATIENCE = 64;
    /** unique_violation; generated_always, for an identity column that is set. */
    private static final Set<String> COLLISIONS = Set.of("23505", "428C9");

    private final Map<TableName, Level> levels = new HashMap<>();
    private final Map<TableName, Integer> left = new HashMap<>();
    private final Set<TableName> tried = new HashSet<>();

    static boolean collision(SQLException e) {
        return e.getSQLState() != null && COLLISIONS.contains(e.getSQLState());
    }

    Level of(TableName source) {
        return levels.getOrDefault(source, Level.TRUST);
    }

    void trying(TableName source) {
        tried.add(source);
    }

    /** @return false when there is no further level */
    boolean raise(TableName source) {
        Level level = of(source);
        if (level == Level.ASIDE) {
            return false;
        }
        levels.put(source, Level.values()[level.ordinal() + 1]);
        left.put(source, PATIENCE);
        return true;
    }

    void committed() {
        for (TableName source : tried) {
            if (left.computeIfPresent(source, (table, n) -> n > 1 ? n - 1 : null) == null) {
                levels.remove(source);
            }
        }
        tried.clear();
    }
}
