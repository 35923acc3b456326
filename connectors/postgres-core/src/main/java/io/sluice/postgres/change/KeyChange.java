package io.sluice.postgres.change;

/**
 * A change of key whose new row lacks values that PostgreSQL did not send: a cut, made once for each bucket and
 * applied as UPDATE of the key (RULES F6).
 *
 * @param rows two rows at one position: MOVED with the old key, then UPDATE with the new row
 */
public record KeyChange(RowBatch rows, int bucket, ChangePosition position) implements ChangeBatch {}
