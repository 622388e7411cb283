package dev.understudy.cli.backup;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.Table;
import dev.understudy.cli.run.FormatOption;
import dev.understudy.host.ShellQuote;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.provision.bundle.BundleStatus.Condition;
import dev.understudy.provision.bundle.KeeperState;
import dev.understudy.provision.bundle.SlotStanding;
import dev.understudy.report.Json;
import dev.understudy.report.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
        text(status);
    }

    /** Several, as a table; what somebody has to do something about below it. */
    void print(List<BundleStatus> all) {
        if (format.isJson()) {
            console.out().line(Json.pretty(all.stream().map(StatusPrint::tree).toList()));
            return;
        }
        if (all.isEmpty()) {
            console.out().line("No backup was begun by this account on this machine, or its bundle is gone.");
            return;
        }
        Table table = new Table("BUNDLE", "STATE", "BEGUN", "SLOT", "WAL KEPT");
        all.forEach(status -> table.add(
                status.directory().path().toString(),
                status.condition().name().toLowerCase(Locale.ROOT),
                Words.moment(status.state().beganAt()),
                status.state().slot().name(),
                status.slot().map(StatusPrint::kept).orElse("")));
        table.lines().forEach(console.out()::line);
        for (BundleStatus status : all) {
            advice(status)
                    .ifPresent(text -> console.out().line(status.directory().path() + ": " + text));
            status.leftovers()
                    .forEach(left -> console.out().line(status.directory().path() + ": left over: " + left));
        }
    }

    private static String kept(SlotStanding slot) {
        return switch (slot.use()) {
            case STREAMING, STOPPED, UNUSED ->
                Words.size(slot.retainedBytes()) + ", " + slot.use().name().toLowerCase(Locale.ROOT);
            case LOST, UNKNOWN -> slot.use().name().toLowerCase(Locale.ROOT);
        };
    }

    /** What to do about a slot that nobody has used since the backup ended; nobody else watches it. */
    private static Optional<String> advice(BundleStatus status) {
        boolean unused = status.slot()
                .filter(slot -> slot.use() == SlotStanding.Use.UNUSED)
                .isPresent();
        return status.endedAt()
                .filter(ended -> unused)
                .map(ended ->
                        "unused since the backup ended at %s: start what was sealed with it, or give it up with \"understudy backup drop --bundle %s\""
                                .formatted(
                                        Words.moment(ended),
                                        ShellQuote.quote(
                                                status.directory().path().toString())));
    }

    private void text(BundleStatus status) {
        KeeperState state = status.state();
        line("bundle", status.directory().path().toString());
        line(
                "state",
                status.condition().name().toLowerCase(Locale.ROOT) + ": "
                        + status.condition().words());
        line(
                "keeper",
                "process %d on host \"%s\""
                        .formatted(state.process().pid(), state.process().host()));
        line("primary", state.primary());
        line("system", state.backup().systemIdentifier());
        line("label", state.backup().label());
        line(
                "slot",
                state.slot().name()
                        + status.slot().map(slot -> ": " + slot.words()).orElse(""));
        line("start", state.backup().startLsn());
        line("stop", state.backup().stopLsn());
        line("begun", Words.moment(state.beganAt()));
        status.endedAt().ifPresent(ended -> line("ended", Words.moment(ended)));
        if (status.condition() == Condition.OPEN || status.condition() == Condition.STARTING) {
            line("last sign", Words.moment(state.sign().aliveAt()));
            line("gives up", Words.moment(state.limitAt()));
        }
        line("waits for", state.sign().waiting());
        state.failure().ifPresent(failure -> line("reason", failure.message()));
        advice(status).ifPresent(text -> line("slot is", text));
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
        keeper.put("pid", state.process().pid());
        keeper.put("host", state.process().host());
        keeper.put("aliveAt", state.sign().aliveAt());
        tree.put("keeper", keeper);
        tree.put("primary", state.primary());
        tree.put("systemIdentifier", state.backup().systemIdentifier());
        tree.put("label", state.backup().label());
        tree.put("slot", state.slot().name());
        status.slot().ifPresent(slot -> tree.put("slotState", tree(slot)));
        tree.put("startLsn", state.backup().startLsn());
        tree.put("stopLsn", state.backup().stopLsn());
        tree.put("beganAt", state.beganAt());
        tree.put("limitAt", state.limitAt());
        status.endedAt().ifPresent(ended -> tree.put("endedAt", ended));
        tree.put("waiting", state.sign().waiting());
        tree.put("problem", state.failure().map(KeeperState.Failure::message).orElse(""));
        tree.put("leftovers", status.leftovers());
        return tree;
    }

    private static Map<String, Object> tree(SlotStanding slot) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("use", slot.use().name().toLowerCase(Locale.ROOT));
        tree.put("retainedBytes", slot.retainedBytes());
        tree.put("summary", slot.words());
        return tree;
    }
}
