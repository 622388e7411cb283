package dev.understudy.doctor.rule.slot;

import dev.understudy.doctor.facts.BundleFacts;
import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.FileSystemUsage;
import dev.understudy.server.facts.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A slot that nobody uses and that keeps WAL until the primary's disk is full. */
public final class SlotInactiveRetainingRule implements Rule {
    private static final String ID = "slot-inactive-retaining";
    private static final long MUCH_BYTES = 512L << 20;
    private static final long SAMPLE_BYTES = 10L << 30;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Set<String> toldAlready = ofBundles(facts);
        return SlotView.all(facts).stream()
                .filter(view -> !view.slot().active() && !view.isInvalidated())
                .filter(view -> view.retainedBytes() >= muchBytes(view))
                .filter(view -> !toldAlready.contains(view.slot().name()))
                .map(SlotInactiveRetainingRule::finding)
                .toList();
    }

    /** What the primary keeps without any slot, where that is less; a small max_wal_size has a small disk behind it. */
    private static long muchBytes(SlotView view) {
        return view.primary()
                .settings()
                .value()
                .map(all -> all.get("max_wal_size"))
                .filter(setting -> setting.value().matches("\\d{1,9}"))
                .map(setting -> Long.parseLong(setting.value()) * megabytes(setting) << 20)
                .map(kept -> Math.min(kept, MUCH_BYTES))
                .orElse(MUCH_BYTES);
    }

    /** 9.6 counts in segments: {@code 16MB}. */
    private static long megabytes(Setting setting) {
        String digits = setting.unit().replace("MB", "");
        return digits.isEmpty() ? 1 : Long.parseLong(digits);
    }

    /** Slots of backups in two commands, of which other rules know more. */
    private static Set<String> ofBundles(Facts facts) {
        return View.bundles(facts).stream()
                .filter(bundle -> BackupLeftRule.isLeft(facts, bundle) || BundleSlotUnusedRule.isUnused(facts, bundle))
                .map(BundleFacts::slot)
                .collect(Collectors.toSet());
    }

    private static Finding finding(SlotView view) {
        String limit = view.primary()
                .setting("max_slot_wal_keep_size")
                .map(value -> value.equals("-1") ? "unlimited" : value + " MB")
                .orElse("unlimited before 13");
        return Finding.warning(ID, view.subject())
                .seen(Optional.of(view.sign()))
                .seen(
                        "WAL kept for it",
                        "%d MB; max_slot_wal_keep_size is %s".formatted(view.retainedBytes() >> 20, limit))
                .seen(view.slot()
                        .inactiveSince()
                        .map(time -> new Sign("pg_replication_slots of the primary", "inactive since " + time)))
                .seen("free space of the primary", room(view))
                .seen(untilLost(view).map(text -> new Sign("safe_wal_size of the slot", text)))
                .remedy(Remedy.byHand(
                        "start-its-user",
                        "Start what uses the slot; it goes on where it was",
                        "pg_ctl start, on the standby that has primary_slot_name = '%s'"
                                .formatted(view.slot().name()),
                        Cost.SECONDS))
                .remedy(Remedy.byHand(
                                "drop-slot",
                                "If nothing needs it any more, drop it",
                                "SELECT pg_drop_replication_slot('%s');"
                                        .formatted(view.slot().name().replace("'", "''")),
                                Cost.SECONDS)
                        .losingData())
                .says("Nobody uses slot \"%s\", for which the primary keeps %d MB of WAL"
                        .formatted(view.slot().name(), view.retainedBytes() >> 20));
    }

    /** When the disk is full, if WAL goes on to be written as fast as since the oldest segment that is kept. */
    private static String room(SlotView view) {
        Optional<FileSystemUsage> disk = view.facts().primaryDisk().value();
        if (disk.isEmpty()) {
            return "not looked at, so that it is not known when its disk is full; --primary-host would tell"
                    + lasts(view, SAMPLE_BYTES)
                            .map(time -> "; at the rate since then, 10 GB last " + words(time))
                            .orElse("");
        }
        String free = "%d MB".formatted(disk.get().availableBytes() >> 20);
        return lasts(view, disk.get().availableBytes())
                .map(time -> "%s; at the rate since then, the disk is full in %s".formatted(free, words(time)))
                .orElse(free);
    }

    /** Where the slot has a limit, it is lost before the disk is full, or not long after. */
    private static Optional<String> untilLost(SlotView view) {
        return view.slot().safeWalSizeBytes().stream()
                .boxed()
                .findFirst()
                .map(bytes -> bytes <= 0
                        ? "used up: the slot is lost with the next checkpoint"
                        : "%d MB%s"
                                .formatted(
                                        bytes >> 20,
                                        lasts(view, bytes)
                                                .map(time ->
                                                        "; at the rate since then, the slot is lost in " + words(time))
                                                .orElse("")));
    }

    /** How long so many bytes last, by how long it took to write what is kept now. */
    private static Optional<Duration> lasts(SlotView view, long bytes) {
        Instant now = view.facts().examinedAt();
        return view.restartSegment()
                .flatMap(segment -> view.primary()
                        .walFiles()
                        .value()
                        .flatMap(files -> files.stream()
                                .filter(file -> file.name().equals(segment.name()))
                                .findFirst()))
                .map(file -> Duration.between(file.modification(), now).toSeconds())
                .filter(seconds -> seconds > 0)
                .map(seconds -> Duration.ofSeconds((long) ((double) bytes / view.retainedBytes() * seconds)));
    }

    private static String words(Duration time) {
        if (time.toDays() > 1) {
            return time.toDays() + " days";
        }
        return time.toHours() > 1 ? time.toHours() + " hours" : Math.max(1, time.toMinutes()) + " minutes";
    }
}
