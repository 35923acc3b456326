package io.sluice.job.config.option;

/** What holds when a key is not given. */
public sealed interface Fallback<T> {
    /** The file must give the key. */
    record Required<T>() implements Fallback<T> {}

    /** Nothing holds: the key stays without a value. */
    record Absent<T>() implements Fallback<T> {}

    /** A value that other keys or the server decide; the words say how. */
    record Derived<T>(String words) implements Fallback<T> {}

    /** A constant. */
    record Fixed<T>(T value) implements Fallback<T> {}
}
