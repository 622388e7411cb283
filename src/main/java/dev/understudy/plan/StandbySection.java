package dev.understudy.plan;

import java.util.Map;
import java.util.Optional;

/** The server that is built. */
public final class StandbySection {
    private final Arguments arguments;

    StandbySection(Arguments arguments) {
        this.arguments = arguments;
    }

    /** {@code local} or {@code ssh://user@host:port}. */
    public String host() {
        return arguments.text("host");
    }

    /** Absolute path on the standby's host. */
    public String dataDirectory() {
        return arguments.text("data_directory");
    }

    public Optional<String> findBinDirectory() {
        return arguments.findText("bin_directory");
    }

    public Optional<Integer> findPort() {
        return arguments.findInteger("port");
    }

    public Optional<String> findSocketDirectory() {
        return arguments.findText("socket_directory");
    }

    public Optional<String> findWalDirectory() {
        return arguments.findText("wal_directory");
    }

    /** The primary's location of a tablespace to the standby's, absolute paths; empty if all stay where they are. */
    public Map<String, String> tablespaces() {
        return arguments.pairs("tablespaces");
    }

    /** The operating system account that runs the server. */
    public Optional<String> findAccount() {
        return arguments.findText("account");
    }
}
