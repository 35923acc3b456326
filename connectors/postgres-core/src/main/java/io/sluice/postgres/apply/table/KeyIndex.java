package io.sluice.postgres.apply.table;

import java.util.List;

/** A unique index by which rows are found. */
public record KeyIndex(String name, boolean primary, List<KeyColumn> columns) {
    /**
     * @param operator equality as the index has it, written with its schema: {@code OPERATOR("public".=)} (RULES S16)
     */
    public record KeyColumn(String name, String operator) {}

    public KeyIndex {
        columns = List.copyOf(columns);
    }

    public List<String> columnNames() {
        return columns.stream().map(KeyColumn::name).toList();
    }
}
