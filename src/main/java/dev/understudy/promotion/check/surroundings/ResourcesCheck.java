package dev.understudy.promotion.check.surroundings;

import dev.understudy.postgres.Known;
import dev.understudy.promotion.check.CheckResult;
import dev.understudy.promotion.check.PromotionCheck;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.machine.MachineFacts;
import dev.understudy.promotion.machine.ProcessLimits;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.promotion.policy.SurroundingsThresholds;
import dev.understudy.provision.preflight.check.Amount;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Memory, processors, huge pages and kernel limits that carry the primary's load. */
public final class ResourcesCheck implements PromotionCheck {
    private static final String ID = "resources-differ";

    /** Auxiliary processes and a few to spare. */
    private static final int OWN_PROCESSES = 20;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public CheckResult examine(PromotionFacts facts, Policy policy) {
        return CheckResult.of(
                ID,
                facts.surroundings().machine(),
                facts.settings().standby().map(SettingValues::new),
                (machine, settings) -> new Judgement(facts, policy, machine, settings).judge());
    }

    private static final class Judgement {
        private final Policy policy;
        private final MachineFacts machine;
        private final Known<MachineFacts> primary;
        private final SettingValues settings;
        private final SettingValues primarySettings;
        private final CheckResult.Builder result = CheckResult.builder(ID);
        private final Worst worst = new Worst(result);

        Judgement(PromotionFacts facts, Policy policy, MachineFacts machine, SettingValues settings) {
            this.policy = policy;
            this.machine = machine;
            this.primary = facts.surroundings().primaryMachine();
            this.settings = settings;
            this.primarySettings = new SettingValues(facts.settings().primary().orElse(Map.of()));
        }

        CheckResult judge() {
            memory();
            processors();
            hugePages();
            limit(
                    ProcessLimits.OPEN_FILES,
                    settings.number("max_files_per_process").orElse(0),
                    "max_files_per_process");
            limit(ProcessLimits.PROCESSES, processes(), "all its connections and workers");
            if (!primary.isKnown()) {
                result.seen("the primary's machine", "not compared: " + primary.reason());
            }
            return worst.orPass(
                    primary.isKnown()
                            ? "The machine has what the primary's has"
                            : "The machine has what the server's settings take");
        }

        private void memory() {
            Optional<Long> memory = machine.memoryBytes().value();
            if (memory.isEmpty()) {
                result.seen("memory", "not known: " + machine.memoryBytes().reason());
                return;
            }
            result.seen("memory", Amount.bytes(memory.get()));
            long buffers = settings.bytes("shared_buffers").orElse(0);
            if (buffers > memory.get() / 100.0 * policy.percent(SurroundingsThresholds.SHARED_BUFFERS)) {
                worst.warn(
                        "shared_buffers takes %s of the machine's %s of memory"
                                .formatted(Amount.bytes(buffers), Amount.bytes(memory.get())),
                        "Give the machine more memory, or lower shared_buffers and restart the standby.");
            }
            primary.flatMap(MachineFacts::memoryBytes).value().ifPresent(theirs -> {
                result.seen("the primary's memory", Amount.bytes(theirs));
                if (memory.get() < theirs / 100.0 * policy.percent(SurroundingsThresholds.RESOURCES)) {
                    worst.warn(
                            "The machine has %s of memory, the primary's %s"
                                    .formatted(Amount.bytes(memory.get()), Amount.bytes(theirs)),
                            "Give the machine as much memory, or lower shared_buffers, work_mem and max_connections for it.");
                }
            });
        }

        private void processors() {
            Optional<Double> processors = machine.processors().value();
            result.seen(
                    "processors",
                    processors
                            .map(Judgement::number)
                            .orElse("not known: " + machine.processors().reason()));
            Optional<Double> theirs = primary.flatMap(MachineFacts::processors).value();
            if (processors.isEmpty() || theirs.isEmpty()) {
                return;
            }
            result.seen("the primary's processors", number(theirs.get()));
            if (processors.get() < theirs.get() / 100.0 * policy.percent(SurroundingsThresholds.RESOURCES)) {
                worst.warn(
                        "The machine has %s processors, the primary's %s"
                                .formatted(number(processors.get()), number(theirs.get())),
                        "Give the machine as many processors, or expect it to carry less load.");
            }
        }

        private static String number(double value) {
            return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        }

        /** 17 and newer say whether they use them; for older ones the machines are compared. */
        private void hugePages() {
            String here = settings.text("huge_pages_status");
            String there = primarySettings.text("huge_pages_status");
            boolean lost = here.equals("off") && there.equals("on");
            if (!here.isEmpty()) {
                result.seen("huge_pages_status", here + (there.isEmpty() ? "" : ", the primary's " + there));
            } else if (machine.hugePages().isKnown()) {
                long pages = machine.hugePages().orElse(0L);
                Optional<Long> theirs = primary.flatMap(MachineFacts::hugePages).value();
                lost = pages == 0
                        && theirs.filter(count -> count > 0).isPresent()
                        && !primarySettings.text("huge_pages").equals("off");
                result.seen(
                        "huge pages",
                        pages
                                + theirs.map(count -> ", the primary's machine " + count)
                                        .orElse(""));
            }
            if (lost) {
                worst.warn(
                        "The primary uses huge pages, and the standby has none",
                        "Reserve as many with vm.nr_hugepages as on the primary's machine, and restart the standby.");
            }
        }

        private long processes() {
            return LongStream.of(
                            settings.number("max_connections").orElse(0),
                            settings.number("autovacuum_max_workers").orElse(0),
                            settings.number("max_worker_processes").orElse(0),
                            settings.number("max_wal_senders").orElse(0),
                            OWN_PROCESSES)
                    .sum();
        }

        private void limit(String name, long needed, String whatFor) {
            OptionalLong here = find(machine.limits(), name);
            if (here.isEmpty()) {
                result.seen(name, "not known: " + machine.limits().reason());
                return;
            }
            OptionalLong there = find(primary.flatMap(MachineFacts::limits), name);
            result.seen(
                    "/proc/PID/limits",
                    "%s: %s%s"
                            .formatted(
                                    name,
                                    printed(here.getAsLong()),
                                    there.isEmpty() ? "" : ", the primary's " + printed(there.getAsLong())));
            String remedy =
                    "Raise it where the server is started (LimitNOFILE and LimitNPROC of the systemd unit, limits.conf), and restart the standby.";
            if (here.getAsLong() < needed) {
                worst.warn(
                        "The kernel's limit \"%s\" is %d, less than the %d for %s"
                                .formatted(name, here.getAsLong(), needed, whatFor),
                        remedy);
            } else if (there.isPresent() && here.getAsLong() < there.getAsLong()) {
                worst.warn(
                        "The kernel's limit \"%s\" is %d, the primary's %s"
                                .formatted(name, here.getAsLong(), printed(there.getAsLong())),
                        remedy);
            }
        }

        private static OptionalLong find(Known<ProcessLimits> limits, String name) {
            return limits.value().map(found -> found.get(name)).orElse(OptionalLong.empty());
        }

        private static String printed(long limit) {
            return limit == Long.MAX_VALUE ? "unlimited" : Long.toString(limit);
        }
    }
}
