package dev.understudy.doctor.rule.configuration;

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
import dev.understudy.pgfile.control.ControlSettings;
import dev.understudy.server.facts.WalPositions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        String first = event.map(found -> found.value(0))
                .filter(name -> !name.isEmpty())
                .orElse("max_connections");
        return List.of(finding.remedy(Remedy.byHand(
                        "raise-parameters",
                        "Set them on the standby at least as high as on the primary, and restart it",
                        "echo \"%s = N\" >> %s && pg_ctl -D %s restart"
                                .formatted(
                                        first,
                                        ShellQuote.quote(facts.given().dataDirectoryOrWord() + "/postgresql.auto.conf"),
                                        ShellQuote.quote(facts.given().dataDirectoryOrWord())),
                        Cost.RESTART))
                .says("Parameters of the standby are lower than the primary's, so it cannot replay its WAL"));
    }

    private static boolean isPaused(Facts facts) {
        return View.standby(facts)
                .flatMap(view -> view.positions().value())
                .filter(WalPositions::replayPaused)
                .isPresent();
    }

    /** What the files set lower than pg_control wants it; what no file sets is at its default and cannot be told. */
    private static List<Sign> lower(Facts facts) {
        Optional<ControlSettings> wanted =
                View.directory(facts).flatMap(found -> found.control().value()).map(ControlFile::settings);
        if (wanted.isEmpty()) {
            return List.of();
        }
        Map<String, Integer> least = new LinkedHashMap<>();
        least.put("max_connections", wanted.get().maxConnections());
        least.put("max_worker_processes", wanted.get().maxWorkerProcesses());
        least.put("max_wal_senders", wanted.get().maxWalSendersOrAbsent());
        least.put("max_prepared_transactions", wanted.get().maxPreparedTransactions());
        least.put("max_locks_per_transaction", wanted.get().maxLocksPerTransaction());
        List<Sign> lower = new ArrayList<>();
        least.forEach((name, value) -> View.directory(facts)
                .flatMap(found -> found.setting(name))
                .filter(setting -> setting.value().matches("\\d{1,9}") && Integer.parseInt(setting.value()) < value)
                .ifPresent(setting -> lower.add(new Sign(
                        setting.place(),
                        "%s = %s, pg_control wants at least %d".formatted(name, setting.value(), value)))));
        return lower;
    }
}
