package dev.understudy.promotion.gather;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.ServerProcess;
import dev.understudy.doctor.gather.Looking;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.postgres.Known;
import dev.understudy.promotion.facts.ServiceFacts;
import dev.understudy.promotion.facts.ServiceFacts.DebianCluster;
import dev.understudy.provision.recovery.SettingsFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what would start the standby's server again: systemd's unit, or a cluster of Debian's. */
final class ServiceGatherer {
    /** All clusters at once: name, start.conf and the line for the data directory, each ended by a byte 1. */
    private static final String CLUSTERS = """
            for place in /etc/postgresql/*/*; do
                [ -f "$place/postgresql.conf" ] || continue
                printf '%s\\001' "${place#/etc/postgresql/}"
                cat "$place/start.conf" 2>/dev/null
                printf '\\001'
                grep '^[[:space:]]*data_directory' "$place/postgresql.conf"
                printf '\\001'
            done
            """;

    /** The last part of a path of control groups that is a service. */
    private static final Pattern UNIT = Pattern.compile("/([^/]+\\.service)(?:/[^/]*)?$", Pattern.MULTILINE);

    private ServiceGatherer() {}

    /** What systemd says of a unit. */
    private record Unit(long mainProcess, String enabled) {}

    static Known<ServiceFacts> gather(Sight sight, Facts servers) {
        return sight.onHost(host -> {
            Known<Long> process = process(servers);
            Known<Optional<String>> name = process.flatMap(pid -> Looking.at(() -> unit(host, pid)));
            Known<Unit> unit = name.flatMap(found -> found.map(each -> Looking.at(() -> ask(host, each)))
                    .orElseGet(() -> Known.unknown("no systemd unit runs the server")));
            boolean ours =
                    unit.value().map(found -> process.is(found.mainProcess())).orElse(true);
            return new ServiceFacts(
                    ours ? name : Known.of(Optional.empty()),
                    ours ? unit.map(Unit::enabled) : Known.unknown("no systemd unit runs the server"),
                    Looking.at(() -> clusters(host)));
        });
    }

    private static Known<Long> process(Facts servers) {
        return servers.directory()
                .flatMap(directory -> directory.process())
                .flatMap(found -> found.filter(ServerProcess::isOurs)
                        .map(process -> Known.of(process.pid()))
                        .orElseGet(() -> Known.unknown("no server runs in the data directory")));
    }

    /** The service that the server's process is in; it may be one that merely started what started the server. */
    private static Optional<String> unit(Host host, long pid) {
        Matcher matcher = UNIT.matcher(host.run(Command.of("cat", "/proc/" + pid + "/cgroup"))
                .orThrow()
                .text());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** {@code is-enabled} ends with another status than 0 for a unit that is not enabled; its word says it all. */
    private static Unit ask(Host host, String name) {
        List<String> lines = host.run(
                        Command.shell("systemctl show -p MainPID \"$1\" && systemctl is-enabled \"$1\" || true", name))
                .orThrow()
                .text()
                .lines()
                .toList();
        if (lines.size() < 2 || !lines.get(0).matches("MainPID=\\d{1,18}")) {
            throw UnderstudyException.of(ErrorCode.COMMAND_FAILED, "systemctl does not tell about \"%s\"", name)
                    .build();
        }
        return new Unit(Long.parseLong(lines.get(0).substring("MainPID=".length())), lines.get(1));
    }

    private static List<DebianCluster> clusters(Host host) {
        List<DebianCluster> clusters = new ArrayList<>();
        String[] fields = host.run(Command.shell(CLUSTERS)).orThrow().text().split("\u0001", -1);
        for (int i = 0; i + 2 < fields.length; i += 3) {
            String name = fields[i].strip();
            clusters.add(new DebianCluster(name, dataDirectory(fields[i + 2]), start(fields[i + 1])));
        }
        return List.copyOf(clusters);
    }

    private static String dataDirectory(String lines) {
        return SettingsFile.parse(lines.getBytes(StandardCharsets.UTF_8))
                .settings()
                .getOrDefault("data_directory", "");
    }

    /** Its first word outside of comments; a cluster without the file is started. */
    private static String start(String file) {
        return file.lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("auto");
    }
}
