package dev.understudy.promotion.gather;

import dev.understudy.doctor.facts.DirectoryFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.host.Command;
import dev.understudy.host.Host;
import dev.understudy.promotion.facts.AroundFacts;
import dev.understudy.promotion.facts.ManagerSign;
import dev.understudy.promotion.facts.ManagerSign.Manager;
import dev.understudy.server.Session;
import dev.understudy.server.facts.ServerFacts;
import dev.understudy.server.survey.SessionSurvey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Looks for what manages the standby: by its sessions and settings, its files in the data directory, its processes. */
final class AroundGatherer {
    /** Settings in which a manager's library or its name for the standby appears. */
    private static final List<String> TELLING =
            List.of("shared_preload_libraries", "primary_conninfo", "primary_slot_name");

    /** Files that managers keep in the data directory. */
    private static final Map<String, Manager> FILES = Map.of(
            "patroni.dynamic.json", Manager.PATRONI,
            "postgresql-auto-failover.conf", Manager.PG_AUTO_FAILOVER,
            "postgresql-auto-failover-standby.conf", Manager.PG_AUTO_FAILOVER);

    /** A program by the name that it was started with, or as the script of an interpreter. */
    private static final Map<Manager, Pattern> PROGRAMS = new EnumMap<>(Map.of(
            Manager.PATRONI, program("patroni"),
            Manager.REPMGR, program("repmgrd"),
            Manager.PG_AUTO_FAILOVER, program("pg_autoctl"),
            Manager.STOLON, program("stolon-keeper")));

    private final Sight sight;
    private final Facts servers;

    AroundGatherer(Sight sight, Facts servers) {
        this.sight = sight;
        this.servers = servers;
    }

    private static Pattern program(String name) {
        return Pattern.compile("^(?:\\S*python\\S*\\s+)?(?:\\S*/)?" + name + "(?:\\s|$)");
    }

    AroundFacts gather() {
        return new AroundFacts(sight.onStandby(AroundGatherer::atWork), sight.onHost(this::onHost));
    }

    private static List<ManagerSign> atWork(Session session) {
        List<ManagerSign> signs = new ArrayList<>();
        for (SessionSurvey.Client client : new SessionSurvey(session).clients()) {
            for (Manager manager : Manager.values()) {
                if (names(manager, client.applicationName()) || names(manager, client.user())) {
                    signs.add(new ManagerSign(
                            manager,
                            "pg_stat_activity",
                            "process %d of role \"%s\", application \"%s\""
                                    .formatted(client.pid(), client.user(), client.applicationName()),
                            true));
                }
            }
        }
        ServerFacts server = new ServerFacts(session);
        for (String name : TELLING) {
            String value = server.setting(name).orElse("");
            for (Manager manager : Manager.values()) {
                if (names(manager, value)) {
                    // A connection string may hold a password, so that the word alone is told.
                    signs.add(new ManagerSign(
                            manager, "setting " + name, "has the word \"" + manager.word() + "\" in it", true));
                }
            }
        }
        return signs;
    }

    private static boolean names(Manager manager, String text) {
        return text.toLowerCase(Locale.ROOT).contains(manager.word());
    }

    private List<ManagerSign> onHost(Host host) {
        List<ManagerSign> signs = new ArrayList<>();
        servers.directory()
                .value()
                .map(DirectoryFacts::entries)
                .orElse(List.of())
                .forEach(name -> {
                    Manager manager = FILES.get(name);
                    if (manager != null) {
                        signs.add(new ManagerSign(manager, "data directory", name, false));
                    }
                });
        // Arguments may hold anything; only what was recognized is kept.
        String processes =
                host.run(Command.of("ps", "-eo", "pid=,args=")).orThrow().text();
        processes.lines().map(String::strip).forEach(line -> {
            int space = line.indexOf(' ');
            String command = space < 0 ? "" : line.substring(space + 1).strip();
            PROGRAMS.forEach((manager, program) -> {
                if (program.matcher(command).find()) {
                    signs.add(new ManagerSign(
                            manager, "processes of the host", "process " + line.substring(0, space), false));
                }
            });
        });
        return signs;
    }
}
