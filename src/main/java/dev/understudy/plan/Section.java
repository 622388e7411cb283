package dev.understudy.plan;

import static dev.understudy.plan.Parameter.optional;
import static dev.understudy.plan.Parameter.required;
import static dev.understudy.plan.Parameter.withDefault;

import dev.understudy.plan.ParameterType.ConnectionString;
import dev.understudy.plan.ParameterType.TablespaceMap;
import dev.understudy.plan.ParameterType.Text;
import dev.understudy.plan.ParameterType.Whole;
import dev.understudy.plan.Places.AbsolutePath;
import dev.understudy.plan.Places.HostAddress;
import java.util.List;

/** A section of a playbook that says which server is meant. */
public enum Section {
    PRIMARY(
            "primary",
            List.of(
                    required(
                            "connect",
                            new ConnectionString(),
                            "Connection string or URI of the primary, for a role with the privileges preflight names."),
                    withDefault(
                            "host",
                            new HostAddress(true),
                            "none",
                            "Where the primary's files are: local, ssh://user@host:port, or none."))),
    STANDBY(
            "standby",
            List.of(
                    withDefault(
                            "host",
                            new HostAddress(false),
                            "local",
                            "Where the standby is built: local or ssh://user@host:port."),
                    required("data_directory", new AbsolutePath(), "The standby's data directory."),
                    optional(
                            "bin_directory",
                            new AbsolutePath(),
                            "The server programs on the standby's host; found for the primary's major if not given."),
                    optional(
                            "port",
                            new Whole(1, 65535),
                            "The standby's port; the primary's when the hosts differ, else the next free one."),
                    optional(
                            "socket_directory",
                            new AbsolutePath(),
                            "The directory of the standby's Unix socket; the server's default if not given."),
                    optional(
                            "wal_directory",
                            new AbsolutePath(),
                            "A directory for the standby's WAL outside of its data directory."),
                    optional(
                            "tablespaces",
                            new TablespaceMap(),
                            "Where the primary's tablespaces go; as on the primary if not given."),
                    optional(
                            "account",
                            new Text(),
                            "The operating system account that runs the standby; found if not given.")));

    private final String key;
    private final List<Parameter> parameters;

    Section(String key, List<Parameter> parameters) {
        this.key = key;
        this.parameters = parameters;
    }

    /** Its key in a playbook. */
    public String key() {
        return key;
    }

    public List<Parameter> parameters() {
        return parameters;
    }
}
