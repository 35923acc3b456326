package io.sluice.postgres.change;

/** How the values of a batch are written; one format for all columns of a batch. */
public enum ValueFormat {
    /** As the types' {@code send} functions write them; what COPY (FORMAT binary) takes. */
    BINARY,
    /** As the types' {@code output} functions write them, in UTF-8, unescaped, under pinned settings. */
    TEXT
}
