package dev.understudy.promotion.check.surroundings;

import dev.understudy.host.FileSystemUsage;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.machine.Storage;
import dev.understudy.promotion.machine.Volume;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.provision.preflight.check.Amount;
import dev.understudy.server.facts.ServerIdentity;
import dev.understudy.server.survey.WalRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Room on every file system: for data, and for the WAL that a primary keeps and a standby does not. */
public final class DiskSpaceCheck implements PromotionCheck {
    private static final String ID = "disk-space";
    private static final String WAL = "WAL";

    private static final String MAKE_ROOM =
            "Make room on it, or lower what is kept there: max_wal_size, wal_keep_size (wal_keep_segments before 13).";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.surroundings().storage(),
                facts.settings().standby().map(SettingValues::new),
                (storage, settings) -> new Judgement(facts, policy, storage, settings).judge());
    }

    /** What stands on one file system. */
    private record Mount(FileSystemUsage usage, List<String> uses) {
        Mount(FileSystemUsage usage) {
            this(usage, new ArrayList<>());
        }

        String describe() {
            return "\"%s\" (%s) has %s of %s free"
                    .formatted(
                            usage.mountPoint(),
                            String.join(", ", uses),
                            Amount.bytes(usage.availableBytes()),
                            Amount.bytes(usage.totalBytes()));
        }
    }

    private static final class Judgement {
        private final PromotionFacts facts;
        private final Policy policy;
        private final Storage storage;
        private final SettingValues settings;
        private final CheckResult.Builder result = CheckResult.builder(ID);
        private final Worst worst = new Worst(result);
        private final Map<String, Mount> mounts = new LinkedHashMap<>();

        Judgement(PromotionFacts facts, Policy policy, Storage storage, SettingValues settings) {
            this.facts = facts;
            this.policy = policy;
            this.storage = storage;
            this.settings = settings;
        }

        CheckResult judge() {
            for (Volume volume : storage.volumes()) {
                Optional<FileSystemUsage> usage = volume.usage().value();
                if (usage.isEmpty()) {
                    return CheckResult.skipped(
                            ID,
                            "the file system of \"%s\": %s"
                                    .formatted(volume.path(), volume.usage().reason()));
                }
                mounts.computeIfAbsent(usage.get().mountPoint(), mount -> new Mount(usage.get()))
                        .uses()
                        .add(volume.use());
            }
            mounts.values().forEach(this::judge);
            mounts.values().stream().filter(mount -> mount.uses().contains(WAL)).forEach(this::judgeWal);
            return worst.orPass("Every file system has room");
        }

        private void judge(Mount mount) {
            long free = mount.usage().availableBytes();
            result.seen("df", mount.describe());
            long least = policy.bytes(SurroundingsThresholds.DISK_FREE_LEAST);
            if (free < least) {
                worst.fail("%s, less than %s".formatted(mount.describe(), Amount.bytes(least)), MAKE_ROOM);
            } else if (free / 100.0
                    < mount.usage().totalBytes() / 10_000.0 * policy.percent(SurroundingsThresholds.DISK_FREE)) {
                worst.warn(
                        "%s, less than %d %%"
                                .formatted(mount.describe(), policy.percent(SurroundingsThresholds.DISK_FREE)),
                        MAKE_ROOM);
            }
        }

        private void judgeWal(Mount mount) {
            long kept = Math.max(settings.bytes("max_wal_size").orElse(0), walKeep());
            long growth = Math.max(0, kept - storage.walBytes());
            result.seen(
                    "settings",
                    "WAL may grow to %s; it holds %s now"
                            .formatted(Amount.bytes(kept), Amount.bytes(storage.walBytes())));
            result.figure("wal_free_bytes", mount.usage().availableBytes());
            if (growth > mount.usage().availableBytes()) {
                worst.fail(
                        "%s, and its WAL may grow by %s".formatted(mount.describe(), Amount.bytes(growth)), MAKE_ROOM);
                return;
            }
            judgeRetention(mount, growth);
        }

        /** A primary keeps what its slots and its archiver have not taken, on top of what its own settings keep. */
        private void judgeRetention(Mount mount, long growth) {
            Optional<WalRate> rate = facts.surroundings().walRate().value();
            if (rate.isEmpty()) {
                result.seen(
                        "WAL rate",
                        "not known: " + facts.surroundings().walRate().reason());
                return;
            }
            double seconds =
                    policy.duration(SurroundingsThresholds.WAL_RETENTION).toSeconds();
            double retained = rate.get().bytesPerSecond() * seconds;
            String kept = "%s of WAL in %s, at the primary's %s/s (%s)"
                    .formatted(
                            Amount.bytes((long) retained),
                            Amount.duration(policy.duration(SurroundingsThresholds.WAL_RETENTION)),
                            Amount.bytes(rate.get().bytesPerSecond()),
                            rate.get().source());
            result.seen("WAL rate", kept);
            if (growth + retained > mount.usage().availableBytes()) {
                worst.warn(
                        "%s: no room for %s, if a standby or the archiver is away".formatted(mount.describe(), kept),
                        MAKE_ROOM + " Or set max_slot_wal_keep_size (13 and newer).");
            }
        }

        private long walKeep() {
            OptionalLong segments = settings.number("wal_keep_segments");
            if (segments.isEmpty()) {
                return settings.bytes("wal_keep_size").orElse(0);
            }
            return segments.getAsLong()
                    * facts.standby()
                            .map(view -> view.identity())
                            .map(ServerIdentity::walSegmentSize)
                            .map(size -> (long) size.bytes())
                            .orElse(16L << 20);
        }
    }
}
