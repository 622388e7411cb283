package dev.understudy.cli.console;

import java.util.logging.LogManager;

/**
 * What libraries log through the JDK, the database driver above all. It would stand on the terminal beside our own words
 * for the same failure, so it goes nowhere unless whoever starts the process configures logging.
 */
public final class LibraryLogs {
    private LibraryLogs() {}

    /** Takes the JDK's own handler away, which writes to standard error. */
    public static void silence() {
        if (System.getProperty("java.util.logging.config.file") == null
                && System.getProperty("java.util.logging.config.class") == null) {
            LogManager.getLogManager().reset();
        }
    }
}
