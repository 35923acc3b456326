package io.sluice.job.cli;

/**
 * Logging of this process. Nothing here may touch a logger, and it has to come before whatever does: the settings are
 * read when the first one is made.
 */
final class Logging {
    private static final String LEVEL = "sluice.log.level";
    private static final String TRACES = "sluice.log.traces";

    private Logging() {}

    static void configure() {
        if (System.getProperty("log4j2.configurationFile") == null) {
            System.setProperty("log4j2.configurationFile", "classpath:io/sluice/job/cli/log4j2.properties");
        }
    }

    static void verbose() {
        System.setProperty(LEVEL, "INFO");
        System.setProperty(TRACES, "full");
    }

    static boolean isVerbose() {
        return "INFO".equals(System.getProperty(LEVEL));
    }
}
