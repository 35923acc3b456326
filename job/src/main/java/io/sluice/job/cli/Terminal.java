package io.sluice.job.cli;

/** Who reads the output. */
final class Terminal {
    private Terminal() {}

    /** What the launcher saw: newer Javas have a console also where the output goes to a file. */
    static boolean isInteractive() {
        return Boolean.getBoolean("sluice.terminal");
    }
}
