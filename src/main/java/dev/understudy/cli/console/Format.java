package dev.understudy.cli.console;

/** How a command prints its result. */
public enum Format {
    TEXT,
    JSON,
    /** Only for reports. */
    HTML;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
