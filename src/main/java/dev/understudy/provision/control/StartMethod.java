package dev.understudy.provision.control;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the standby's server is started: by {@code pg_ctl}, or by what manages servers on its host, so that the manager
 * knows of it from the first start.
 */
public sealed interface StartMethod {
    /** The command that starts the server; it may return before the server answers. */
    Command start(ServerPrograms programs, String dataDirectory, String logFile);

    /** The command that stops it again. */
    Command stop(ServerPrograms programs, String dataDirectory);

    /** The cluster of Debian's that it starts, whose configuration lies outside of the data directory. */
    default Optional<DebianCluster> cluster() {
        return Optional.empty();
    }

    /** Whether the command must run as the one who logged in on the host (root, often) and not as the server's account. */
    boolean runsAsLogin();

    /** The same of the command that stops it: {@code pg_ctl} refuses to run as root. */
    boolean stopsAsLogin();

    /**
     * Reads the plan's {@code start}: {@code pg_ctl}, {@code pg_ctlcluster}, {@code systemctl}, or any shell command.
     *
     * @throws UnderstudyException {@link ErrorCode#START_METHOD_INVALID} if cluster or unit cannot be told from the data
     *     directory
     */
    static StartMethod parse(String text, String dataDirectory) {
        return switch (text.strip()) {
            case "", "pg_ctl" -> new PgCtl();
            case "pg_ctlcluster" -> DebianCluster.of(dataDirectory, false);
            case "systemctl" -> DebianCluster.of(dataDirectory, true);
            default -> new Custom(text);
        };
    }

    /** {@code pg_ctl start} as the server's account. */
    record PgCtl() implements StartMethod {
        @Override
        public Command start(ServerPrograms programs, String dataDirectory, String logFile) {
            return withoutPassword(
                    Command.of(programs.program("pg_ctl"), "-D", dataDirectory, "-l", logFile, "-W", "start"));
        }

        @Override
        public Command stop(ServerPrograms programs, String dataDirectory) {
            return stopByPgCtl(programs, dataDirectory);
        }

        @Override
        public boolean runsAsLogin() {
            return false;
        }

        @Override
        public boolean stopsAsLogin() {
            return false;
        }
    }

    /** A cluster of Debian's postgresql-common, through its own program or its systemd unit. */
    record DebianCluster(String version, String name, boolean systemd) implements StartMethod {
        private static final Pattern DIRECTORY = Pattern.compile(".*/([0-9.]+)/([^/]+)/?");

        static DebianCluster of(String dataDirectory, boolean systemd) {
            Matcher matcher = DIRECTORY.matcher(dataDirectory);
            if (!matcher.matches()) {
                throw UnderstudyException.of(
                                ErrorCode.START_METHOD_INVALID,
                                "cannot tell the cluster's version and name from the data directory \"%s\"",
                                dataDirectory)
                        .hint("Give the whole start command instead, for example: systemctl start postgresql@15-main.")
                        .build();
            }
            return new DebianCluster(matcher.group(1), matcher.group(2), systemd);
        }

        /** Where its server reads postgresql.conf and pg_hba.conf; postgresql.auto.conf stays in the data directory. */
        public String configurationDirectory() {
            return "/etc/postgresql/" + version + "/" + name;
        }

        /** Where its server logs, from its first line on. */
        public String logFile() {
            return "/var/log/postgresql/postgresql-" + version + "-" + name + ".log";
        }

        /** The program that starts it. */
        public String program() {
            return systemd ? "systemctl" : "pg_ctlcluster";
        }

        @Override
        public Optional<DebianCluster> cluster() {
            return Optional.of(this);
        }

        private Command command(String verb) {
            return systemd
                    ? Command.of(program(), verb, "postgresql@" + version + "-" + name)
                    : Command.of(program(), version, name, verb);
        }

        @Override
        public Command start(ServerPrograms programs, String dataDirectory, String logFile) {
            return withoutPassword(command("start"));
        }

        @Override
        public Command stop(ServerPrograms programs, String dataDirectory) {
            return command("stop");
        }

        @Override
        public boolean runsAsLogin() {
            return true;
        }

        @Override
        public boolean stopsAsLogin() {
            return true;
        }
    }

    /** A shell command that the plan gives; it is stopped through {@code pg_ctl}, which any way of starting bears. */
    record Custom(String command) implements StartMethod {
        @Override
        public Command start(ServerPrograms programs, String dataDirectory, String logFile) {
            return Command.shell(command).withEnvironment("UNDERSTUDY_DATA_DIRECTORY", dataDirectory);
        }

        @Override
        public Command stop(ServerPrograms programs, String dataDirectory) {
            return stopByPgCtl(programs, dataDirectory);
        }

        @Override
        public boolean runsAsLogin() {
            return true;
        }

        @Override
        public boolean stopsAsLogin() {
            return false;
        }
    }

    /**
     * The server lives on with the environment that it is started in, and so does every command it runs. libpq takes an
     * empty password for none.
     */
    private static Command withoutPassword(Command command) {
        return command.withEnvironment("PGPASSWORD", "");
    }

    private static Command stopByPgCtl(ServerPrograms programs, String dataDirectory) {
        return Command.of(programs.program("pg_ctl"), "-D", dataDirectory, "-m", "fast", "-w", "-t", "60", "stop");
    }
}
