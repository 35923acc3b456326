package io.sluice.flink.source.option;

/** Whether a missing slot is created. */
public enum SlotCreation {
    AUTO,
    NEVER
}
