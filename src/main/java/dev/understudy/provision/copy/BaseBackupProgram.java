package dev.understudy.provision.copy;

import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.CommandResult;
import dev.understudy.host.Host;
import dev.understudy.host.LeftProcesses;
import dev.understudy.postgres.Conninfo;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.provision.control.ServerPrograms;
import dev.understudy.server.connect.Endpoint;
import dev.understudy.server.connect.ResolvedConninfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The target installation's own {@code pg_basebackup}. The password reaches it through a file of mode 0600.
 *
 * @param host the target's machine, as the standby's account
 * @param programs where it is
 * @param conninfo how the primary is reached
 * @param run the run that it is for, and
 * @param step the step, by which {@link LeftProcesses} knows it when it outlives them
 */
public record BaseBackupProgram(Host host, ServerPrograms programs, Conninfo conninfo, String run, String step) {
    private static final Pattern END_POINT =
            Pattern.compile("(?:write-ahead|transaction) log end point: ([0-9A-F]+/[0-9A-F]+)");

    /**
     * What to take.
     *
     * @param directory where to, which must not exist
     * @param label of the backup
     * @param checkpoint {@code fast} or {@code spread}
     * @param slot keeps the WAL
     * @param bytesPerSecond 0 for no limit
     * @param tablespaces new location by old
     * @param walDirectory where WAL goes if outside
     * @param follows whether what is taken is to become a standby
     */
    public record Order(
            String directory,
            String label,
            String checkpoint,
            Optional<String> slot,
            long bytesPerSecond,
            Map<String, String> tablespaces,
            Optional<String> walDirectory,
            boolean follows) {}

    /**
     * Runs it to its end.
     *
     * @return the stop location it reports
     * @throws UnderstudyException {@link ErrorCode#BASEBACKUP_FAILED} with its own message
     */
    public Lsn run(Order order, Duration limit) {
        ResolvedConninfo resolved = ResolvedConninfo.of(conninfo);
        Endpoint endpoint = resolved.endpoints().get(0);
        Optional<String> passFile = Optional.empty();
        if (!endpoint.password().isEmpty()) {
            passFile = Optional.of(passFile(order.directory()));
            host.files()
                    .writeAtomically(
                            passFile.get(),
                            ("*:*:*:*:" + escaped(endpoint.password()) + "\n").getBytes(StandardCharsets.UTF_8),
                            0600);
        }
        try {
            CommandResult result =
                    host.run(command(order, resolved.conninfo(), passFile).withLimit(limit));
            if (!result.succeeded()) {
                throw failed(result);
            }
            Matcher matcher = END_POINT.matcher(result.error());
            if (!matcher.find()) {
                throw failed(result);
            }
            return Lsn.parse(matcher.group(1));
        } finally {
            passFile.ifPresent(host.files()::delete);
        }
    }

    /** Where the password is while it runs; a run that is killed leaves it. */
    public static String passFile(String directory) {
        return directory + ".pgpass";
    }

    private static String escaped(String password) {
        return password.replace("\\", "\\\\").replace(":", "\\:");
    }

    private Command command(Order order, Conninfo resolved, Optional<String> passFile) {
        List<String> words = new ArrayList<>(List.of(
                programs.program("pg_basebackup"),
                "--pgdata=" + order.directory(),
                "--dbname="
                        + resolved.without("password", "passfile", "service").forPrimaryConninfo(programs.major()),
                "--label=" + order.label(),
                "--checkpoint=" + order.checkpoint(),
                programs.major().isAtLeast(ServerMajor.V10) ? "--wal-method=stream" : "--xlog-method=stream",
                "--no-password",
                "--verbose"));
        if (order.follows()) {
            words.add("--write-recovery-conf");
        }
        order.slot().ifPresent(slot -> words.add("--slot=" + slot));
        if (order.bytesPerSecond() > 0) {
            words.add("--max-rate=" + Math.max(32, order.bytesPerSecond() / 1024) + "k");
        }
        order.tablespaces().forEach((from, to) -> words.add("--tablespace-mapping=" + mapped(from) + "=" + mapped(to)));
        order.walDirectory()
                .ifPresent(path ->
                        words.add((programs.major().isAtLeast(ServerMajor.V10) ? "--waldir=" : "--xlogdir=") + path));
        Command command = LeftProcesses.marked(Command.of(words), run, step).withEnvironment("LC_ALL", "C");
        return passFile.map(path -> command.withEnvironment("PGPASSFILE", path)).orElse(command);
    }

    /** An equals sign in a path would end it. */
    private static String mapped(String path) {
        return path.replace("=", "\\=");
    }

    private UnderstudyException failed(CommandResult result) {
        return UnderstudyException.of(
                        ErrorCode.BASEBACKUP_FAILED, "pg_basebackup ended with status %d", result.status())
                .detail("%s", result.error().strip())
                .build();
    }
}
