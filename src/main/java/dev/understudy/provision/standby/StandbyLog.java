package dev.understudy.provision.standby;

import dev.understudy.host.FileStatus;
import dev.understudy.host.HostFiles;
import dev.understudy.provision.control.StartMethod.DebianCluster;
import dev.understudy.provision.control.StartupMessage;
import dev.understudy.provision.site.TargetSite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the standby's server logs: to the file that pg_ctl was given, and where its logging collector writes, which
 * {@code current_logfiles} names from PostgreSQL 10.
 */
final class StandbyLog {
    static final String FILE_NAME = "understudy-start.log";

    private static final int TAIL_BYTES = 64 << 10;

    /** Source: {@code ProcessStartupPacket} in {@code postmaster.c}; the second line is its detail. */
    private static final List<String> ANSWERS_TO_US = List.of(
            "FATAL:  the database system is starting up",
            "FATAL:  the database system is not yet accepting connections",
            "DETAIL:  Consistent recovery state has not been yet reached.");

    private final TargetSite target;
    private final List<String> managed;

    /** @param cluster which sends its log elsewhere */
    StandbyLog(TargetSite target, Optional<DebianCluster> cluster) {
        this.target = target;
        this.managed = cluster.map(DebianCluster::logFile).stream().toList();
    }

    String file() {
        return target.path(FILE_NAME);
    }

    /** The newest line that tells why the server is not open, from the collector's file if there is one. */
    Optional<StartupMessage> newest() {
        for (String path : paths()) {
            Optional<StartupMessage> message = StartupMessage.newest(tail(path));
            if (message.isPresent()) {
                return message;
            }
        }
        return Optional.empty();
    }

    /** The last lines, for an error's detail. */
    String lastLines(int count) {
        for (String path : paths()) {
            List<String> lines = tail(path).lines().filter(StandbyLog::tells).toList();
            if (!lines.isEmpty()) {
                return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
            }
        }
        return "The server logged nothing.";
    }

    /** Being asked whether it answers, as it is again and again, makes a server write these; they drown the others. */
    private static boolean tells(String line) {
        return !line.isBlank() && ANSWERS_TO_US.stream().noneMatch(line::endsWith);
    }

    private String tail(String path) {
        HostFiles files = target.host().files();
        return files.status(path).filter(FileStatus::isFile).isPresent()
                ? new String(files.readTail(path, TAIL_BYTES), StandardCharsets.UTF_8)
                : "";
    }

    private List<String> paths() {
        List<String> paths = new ArrayList<>();
        String current = tail(target.path("current_logfiles"));
        current.lines()
                .filter(line -> line.startsWith("stderr "))
                .map(line -> line.substring("stderr ".length()))
                .forEach(path -> paths.add(path.startsWith("/") ? path : target.path(path)));
        paths.addAll(managed);
        paths.add(file());
        return paths;
    }
}
