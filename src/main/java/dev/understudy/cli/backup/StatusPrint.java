package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.provision.bundle.BundleStatus.Condition;
import dev.understudy.provision.bundle.KeeperState;
import dev.understudy.report.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints how a backup in two commands stands. */
final class StatusPrint {
    private final Console console;
    private final FormatOption format;

    StatusPrint(Console console, FormatOption format) {
        this.console = console;
        this.format = format;
    }

    void print(BundleStatus status) {
        if (format.isJson()) {
            console.out().line(Json.pretty(tree(status)));
            return;
        }
        KeeperState state = status.state();
        line("bundle", status.directory().path().toString());
        line(
                "state",
                status.condition().name().toLowerCase(Locale.ROOT) + ": "
                        + status.condition().words());
        line("keeper", "process %d on host \"%s\"".formatted(state.pid(), state.host()));
        line("primary", state.primary());
        line("system", state.systemIdentifier());
        line("label", state.label());
        line("slot", state.slot());
        line("start", state.startLsn());
        line("stop", state.stopLsn());
        line("begun", state.beganAt().toString());
        if (status.condition() == Condition.OPEN || status.condition() == Condition.STARTING) {
            line("last sign", state.aliveAt().toString());
            line("gives up", state.limitAt().toString());
        }
        line("waits for", state.waiting());
        state.failure().ifPresent(failure -> line("reason", failure.message()));
        status.leftovers().forEach(left -> line("left over", left));
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            console.out().line("%-11s%s".formatted(name, value));
        }
    }

    private static Map<String, Object> tree(BundleStatus status) {
        KeeperState state = status.state();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("bundle", status.directory().path().toString());
        tree.put("state", status.condition().name().toLowerCase(Locale.ROOT));
        tree.put("summary", status.condition().words());
        Map<String, Object> keeper = new LinkedHashMap<>();
        keeper.put("pid", state.pid());
        keeper.put("host", state.host());
        keeper.put("aliveAt", state.aliveAt());
        tree.put("keeper", keeper);
        tree.put("primary", state.primary());
        tree.put("systemIdentifier", state.systemIdentifier());
        tree.put("label", state.label());
        tree.put("slot", state.slot());
        tree.put("startLsn", state.startLsn());
        tree.put("stopLsn", state.stopLsn());
        tree.put("beganAt", state.beganAt());
        tree.put("limitAt", state.limitAt());
        tree.put("waiting", state.waiting());
        tree.put("problem", state.failure().map(KeeperState.Failure::message).orElse(""));
        tree.put("leftovers", status.leftovers());
        return tree;
    }
}
