package dev.understudy.plan;

/** The server that is copied and followed. */
public final class PrimarySection {
    private final Arguments arguments;

    PrimarySection(Arguments arguments) {
        this.arguments = arguments;
    }

    /** libpq connection string or URI; may hold a password. */
    public String connect() {
        return arguments.text("connect");
    }

    /** {@code local}, {@code ssh://user@host:port} or {@code none}. */
    public String host() {
        return arguments.text("host");
    }
}
