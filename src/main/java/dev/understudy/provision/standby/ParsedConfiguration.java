package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.recovery.RecoveryConfiguration;
import dev.understudy.provision.site.TargetSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lets the target's own server read its configuration while it is not running.
 *
 * @param directory where the server will find postgresql.conf: the data directory, or Debian's in {@code /etc}
 */
public record ParsedConfiguration(TargetSite target, ServerPrograms programs, String directory) {
    public static final String SOCKET_DIRECTORIES = "socket_directories";
    static final String LISTEN_ADDRESSES = "listen_addresses";

    /** Between two answers; no setting has it. */
    private static final String END = "\u0001";

    private static final String ASK_ALL = "program=$1; directory=$2; shift 2; for name do"
            + " \"$program\" -C \"$name\" -D \"$directory\" || exit; printf '\\001'; done";

    /** Proves that the server takes the rendered configuration, and takes it from there. */
    Evidence check(StepContext context, RecoveryConfiguration configuration) {
        requireOwnDirectory();
        String port = ask("port");
        String expected = configuration.overrides().get("port");
        if (!port.equals(expected)) {
            throw rejected("port is %s there, not %s".formatted(port, expected));
        }
        context.record(SOCKET_DIRECTORIES, ask("unix_socket_directories"));
        context.record(LISTEN_ADDRESSES, ask("listen_addresses"));
        return context.evidence(
                "the target's own server (%s) reads the configuration; port %s".formatted(programs.version(), port),
                programs.program("postgres") + " -C");
    }

    /** @throws UnderstudyException {@link ErrorCode#CONFIGURATION_REJECTED} if a server would not read it, or go elsewhere */
    public void requireOwnDirectory() {
        String found = ask("data_directory");
        if (!found.equals(target.dataDirectory())) {
            throw rejected("data_directory is set to \"%s\" in it".formatted(found));
        }
    }

    /**
     * A setting as the server reads it now.
     *
     * @throws UnderstudyException {@link ErrorCode#CONFIGURATION_REJECTED} if it does not take its configuration
     */
    public String ask(String setting) {
        CommandResult result = target.host()
                .run(Command.of(programs.program("postgres"), "-C", setting, "-D", directory)
                        .withEnvironment("LC_ALL", "C"));
        if (!result.succeeded()) {
            throw rejected(result.error().strip());
        }
        return result.text();
    }

    /**
     * Several at once, by name.
     *
     * @throws UnderstudyException {@link ErrorCode#CONFIGURATION_REJECTED} if it does not take its configuration
     */
    public Map<String, String> ask(Set<String> settings) {
        List<String> names = settings.stream().sorted().toList();
        List<String> arguments = new ArrayList<>(List.of(programs.program("postgres"), directory));
        arguments.addAll(names);
        CommandResult result = target.host()
                .run(Command.shell(ASK_ALL, arguments.toArray(String[]::new)).withEnvironment("LC_ALL", "C"));
        String[] answers = result.text().split(END, -1);
        if (!result.succeeded() || answers.length <= names.size()) {
            throw rejected(result.error().strip());
        }
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), answers[i].strip());
        }
        return values;
    }

    private UnderstudyException rejected(String detail) {
        return UnderstudyException.of(
                        ErrorCode.CONFIGURATION_REJECTED,
                        "the target's server does not accept the configuration in \"%s\"",
                        directory)
                .detail("%s", detail)
                .hint("Settings that its installation lacks can be overridden with -e settings=NAME=VALUE.")
                .build();
    }
}
