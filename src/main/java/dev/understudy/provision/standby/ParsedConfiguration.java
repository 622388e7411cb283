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

/** Lets the target's own server read the rendered configuration before it is started. */
public final class ParsedConfiguration {
    public static final String SOCKET_DIRECTORIES = "socket_directories";
    static final String LISTEN_ADDRESSES = "listen_addresses";

    private ParsedConfiguration() {}

    static Evidence check(
            StepContext context, TargetSite target, ServerPrograms programs, RecoveryConfiguration configuration) {
        String directory = ask(target, programs, "data_directory");
        if (!directory.equals(target.dataDirectory())) {
            throw rejected(target, "data_directory is set to \"%s\" in it".formatted(directory));
        }
        String port = ask(target, programs, "port");
        String expected = configuration.overrides().get("port");
        if (!port.equals(expected)) {
            throw rejected(target, "port is %s there, not %s".formatted(port, expected));
        }
        context.record(SOCKET_DIRECTORIES, ask(target, programs, "unix_socket_directories"));
        context.record(LISTEN_ADDRESSES, ask(target, programs, "listen_addresses"));
        return context.evidence(
                "the target's own server (%s) reads the configuration; port %s".formatted(programs.version(), port),
                programs.program("postgres") + " -C");
    }

    private static String ask(TargetSite target, ServerPrograms programs, String setting) {
        CommandResult result = target.host()
                .run(Command.of(programs.program("postgres"), "-C", setting, "-D", target.dataDirectory())
                        .withEnvironment("LC_ALL", "C"));
        if (!result.succeeded()) {
            throw rejected(target, result.error().strip());
        }
        return result.text();
    }

    private static UnderstudyException rejected(TargetSite target, String detail) {
        return UnderstudyException.of(
                        ErrorCode.CONFIGURATION_REJECTED,
                        "the target's server does not accept the configuration in \"%s\"",
                        target.dataDirectory())
                .detail("%s", detail)
                .hint("Settings that its installation lacks can be overridden with -e settings=NAME=VALUE.")
                .build();
    }
}
