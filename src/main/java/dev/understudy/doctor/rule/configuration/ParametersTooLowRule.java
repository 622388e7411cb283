package dev.understudy.doctor.rule.configuration;

import dev.understudy.doctor.facts.ConfiguredSetting;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Finding.Builder;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.server.facts.WalPositions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A standby whose parameters are lower than the primary's were when the WAL was written: it does not start, or
 * from 14 stops replaying.
 */
public final class ParametersTooLowRule implements Rule {
    private static final String ID = "parameters-too-low";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event = Stream.of("parameters-too-low", "parameters-insufficient")
                .map(id -> View.event(facts, id))
                .flatMap(Optional::stream)
                .filter(found -> View.isDown(facts) || isPaused(facts))
                .findFirst();
        List<Sign> lower = lower(facts);
        if (event.isEmpty() && (lower.isEmpty() || !View.isDown(facts) && !isPaused(facts))) {
            return List.of();
        }
        Builder finding = Finding.error(ID, "standby").seen(event.map(found -> View.sign(facts, found)));
        lower.forEach(sign -> finding.seen(sign.source(), sign.detail()));
        String directory = facts.given().dataDirectoryOrWord();
        return List.of(finding.remedy(Remedy.byHand(
                        "raise-parameters",
                        "Set them on the standby at least as high as on the primary, and restart it",
                        "printf '%%s\\n' %s >> %s && pg_ctl -D %s restart"
                                .formatted(
                                        lines(facts, event),
                                        ShellQuote.quote(directory + "/postgresql.auto.conf"),
                                        ShellQuote.quote(directory)),
                        Cost.RESTART))
                .says("Parameters of the standby are lower than the primary's, so it cannot replay its WAL"));
    }

    /** What to set, each as an argument of the shell: what pg_control wants, and what the message names. */
    private static String lines(Facts facts, Optional<LogEvent> event) {
        Map<String, Integer> needed = new TreeMap<>();
        wanted(facts).forEach((name, least) -> {
            if (inForce(facts, name).filter(found -> found.value() < least).isPresent()) {
                needed.put(name, least);
            }
        });
        event.filter(found -> found.value(2).matches("\\d{1,9}"))
                .ifPresent(found -> needed.merge(found.value(0), Integer.valueOf(found.value(2)), Math::max));
        return needed.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + " = " + entry.getValue() + "\"")
                .collect(Collectors.joining(" "));
    }

    private static boolean isPaused(Facts facts) {
        return View.standby(facts)
                .flatMap(view -> view.positions().value())
                .filter(WalPositions::replayPaused)
                .isPresent();
    }

    /** What is lower than pg_control wants it. */
    private static List<Sign> lower(Facts facts) {
        List<Sign> lower = new ArrayList<>();
        wanted(facts)
                .forEach((name, least) -> inForce(facts, name)
                        .filter(found -> found.value() < least)
                        .ifPresent(found -> lower.add(new Sign(
                                found.source(),
                                "%s = %d, pg_control wants at least %d".formatted(name, found.value(), least)))));
        return lower;
    }

    /** By name; what pg_control has no word of, as max_wal_senders up to 11, is not asked for. */
    private static Map<String, Integer> wanted(Facts facts) {
        Map<String, Integer> least = new LinkedHashMap<>();
        View.directory(facts)
                .flatMap(found -> found.control().value())
                .map(ControlFile::settings)
                .ifPresent(wanted -> {
                    least.put("max_connections", wanted.maxConnections());
                    least.put("max_worker_processes", wanted.maxWorkerProcesses());
                    least.put("max_wal_senders", wanted.maxWalSendersOrAbsent());
                    least.put("max_prepared_transactions", wanted.maxPreparedTransactions());
                    least.put("max_locks_per_transaction", wanted.maxLocksPerTransaction());
                });
        return least;
    }

    /** A number with the place that it comes from. */
    private record InForce(int value, String source) {}

    /** The running server's word, else its files', else what it is where no file sets it. */
    private static Optional<InForce> inForce(Facts facts, String name) {
        Optional<InForce> running = View.standby(facts)
                .flatMap(view -> view.setting(name))
                .map(value -> new InForce(Integer.parseInt(value), "setting of the standby"));
        if (running.isPresent()) {
            return running;
        }
        Optional<ConfiguredSetting> configured = View.directory(facts).flatMap(found -> found.setting(name));
        if (configured.isPresent()) {
            return configured
                    .filter(setting -> setting.value().matches("\\d{1,9}"))
                    .map(setting -> new InForce(Integer.parseInt(setting.value()), setting.place()));
        }
        return View.directory(facts)
                .filter(found -> found.settings().isKnown())
                .flatMap(found -> Optional.ofNullable(DEFAULTS.get(name)))
                .map(value -> new InForce(value, "default, which no configuration file changes"));
    }

    /**
     * The same since 9.6, but for max_wal_senders, which counts from 12 on and is 10 since 10.
     *
     * <p>Source: {@code guc.c}, {@code guc_tables.c} (16+).
     */
    private static final Map<String, Integer> DEFAULTS = Map.of(
            "max_connections", 100,
            "max_worker_processes", 8,
            "max_wal_senders", 10,
            "max_prepared_transactions", 0,
            "max_locks_per_transaction", 64);
}
