package io.sluice.postgres.change;

/**
 * Everything up to {@code position} has been sent. Carries no row, so that the target's ledger follows the stream
 * also where no captured table changes (RULES F3).
 */
public record Progress(int bucket, ChangePosition position) implements ChangeBatch {}
