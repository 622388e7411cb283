package dev.understudy.promotion.rehearse;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.provision.control.StartupMessage;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.StandbyPort;
import dev.understudy.server.Session;
import dev.understudy.server.check.PromotedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The copy's server: started, asked, promoted and stopped through its own programs and its own socket. */
record CopyServer(Site site, StepContext context) {
    /** Recorded before it is tried. */
    private static final String STARTED = "server_started";

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);
    private static final int LOG_TAIL_BYTES = 16 << 10;

    static boolean wasStarted(StepContext context) {
        return context.facts().isTrue(STARTED);
    }

    private TargetSite target() {
        return site.target();
    }

    private Host host() {
        return target().host();
    }

    private Home home() {
        return new Home(target());
    }

    ServerPrograms programs() {
        String version = context.facts().get("server_version");
        String major = version.startsWith("9.") ? version.substring(0, 3) : version.substring(0, version.indexOf('.'));
        return ServerPrograms.find(host(), target().binDirectory(), ServerMajor.parse(major));
    }

    boolean isRunning() {
        return host().files().status(target().dataDirectory()).isPresent()
                && PostmasterFile.findRunning(host(), target().dataDirectory()).isPresent();
    }

    /** Returns at once; whether it comes up is another question. */
    CommandResult start(int nice) {
        context.record(STARTED, "true");
        List<String> arguments = new ArrayList<>(List.of("nice", "-n", Integer.toString(nice)));
        arguments.addAll(List.of(
                programs().program("pg_ctl"), "-D", target().dataDirectory(), "-l", home().log(), "-W", "start"));
        return run(Command.of(arguments));
    }

    CommandResult promote() {
        return run(Command.of(programs().program("pg_ctl"), "-D", target().dataDirectory(), "-W", "promote"));
    }

    /** The server lives on with the environment that it is started in, and libpq takes an empty password for none. */
    private CommandResult run(Command command) {
        return host().run(command.withEnvironment("PGPASSWORD", "").withLimit(COMMAND_LIMIT));
    }

    /**
     * Stops it, if it runs.
     *
     * @throws UnderstudyException {@link ErrorCode#UNDO_INCOMPLETE}
     */
    Optional<Evidence> stop() {
        if (!isRunning()) {
            return Optional.empty();
        }
        String error = "";
        for (String mode : List.of("fast", "immediate")) {
            CommandResult result = run(Command.of(
                    programs().program("pg_ctl"),
                    "-D",
                    target().dataDirectory(),
                    "-m",
                    mode,
                    "-w",
                    "-t",
                    "60",
                    "stop"));
            if (!isRunning()) {
                return Optional.of(context.evidence("stopped the copy's server", result.command()));
            }
            error = result.error();
        }
        throw UnderstudyException.of(
                        ErrorCode.UNDO_INCOMPLETE, "could not stop the server in \"%s\"", target().dataDirectory())
                .detail("%s", error)
                .hint("Stop it with: pg_ctl -D %s -m immediate stop", ShellQuote.quote(target().dataDirectory()))
                .build();
    }

    /** A session in the database that the standby's connection string leads to. */
    Session open() {
        return open(context.facts().get(CheckRehearsal.DATABASE));
    }

    /**
     * A session of the cluster's superuser, who alone may look at everything.
     *
     * @throws UnderstudyException {@link ErrorCode#TARGET_NOT_OURS} if another server answers: what is done to the copy must
     *     never be done to that
     */
    Session open(String database) {
        int port = Integer.parseInt(context.facts().get(StandbyPort.PORT));
        boolean local = host().isLocal();
        Session session = Session.open(Conninfo.empty()
                .with("host", local ? home().socket() : "127.0.0.1")
                .with("port", Integer.toString(local ? port : host().forward(home().socket(), port)))
                .with("user", role(context.facts()))
                .with("dbname", database)
                .with("sslmode", "disable")
                .with("target_session_attrs", "any"));
        try {
            requireCopy(session);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** The environment of whoever runs Understudy can lead a connection elsewhere. */
    private void requireCopy(Session session) {
        Map<String, String> found = new PromotedServer(session).settings(List.of("cluster_name", "data_directory"));
        Map<String, String> expected =
                Map.of("cluster_name", CopySettings.CLUSTER_NAME, "data_directory", target().dataDirectory());
        if (!found.equals(expected)) {
            throw UnderstudyException.of(
                            ErrorCode.TARGET_NOT_OURS, "another server than the copy answers at %s", session.endpoint())
                    .detail("Expected %s, found %s.", expected, found)
                    .hint("Run it without PGHOSTADDR and the like in the environment.")
                    .build();
        }
    }

    static String role(Facts facts) {
        return facts.get(CheckRehearsal.ROLE);
    }

    /** What its log says last. */
    String logTail(int lines) {
        List<String> all = log().lines()
                .filter(line -> !line.isBlank() && !line.contains("the database system is starting up"))
                .filter(line -> !line.contains("the database system is not yet accepting connections"))
                .filter(line -> !line.contains("Consistent recovery state has not been yet reached"))
                .toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    Optional<StartupMessage> newest() {
        return StartupMessage.newest(log());
    }

    private String log() {
        return host().files().status(home().log()).isPresent()
                ? new String(host().files().readTail(home().log(), LOG_TAIL_BYTES), StandardCharsets.UTF_8)
                : "";
    }
}
